/** Failures in words: what happened and what to do. */
import type { Failure } from '../../worker/protocol.ts'
import { currentLanguage, type MessageKey, t } from './translate.ts'

export interface FailureWords {
  title: string
  advice: string
}

const known: Record<string, readonly [title: MessageKey, advice: MessageKey]> = {
  host_refused: ['failHostRefused', 'failHostRefusedDo'],
  server_too_old: ['failServerOld', 'failServerOldDo'],
  server_too_new: ['failServerNew', 'failServerNewDo'],
  wrong_credentials: ['failCredentials', 'failCredentialsDo'],
  weak_password: ['failWeak', 'failWeakDo'],
  rate_limited: ['failRate', 'failRateDo'],
  session_expired: ['failExpired', 'failExpiredDo'],
  unauthenticated: ['failExpired', 'failExpiredDo'],
  unavailable: ['failUnavailable', 'failUnavailableDo'],
  not_json: ['failNotTrailside', 'failNotTrailsideDo'],
  wrong_shape: ['failNotTrailside', 'failNotTrailsideDo'],
  unexplained_status: ['failNotTrailside', 'failNotTrailsideDo'],
  timeout: ['failTimeout', 'failUnreachableDo'],
  not_witnessed: ['failNotWitnessed', 'failNotWitnessedDo'],
  removed_by_retention: ['failRemoved', 'failRemovedDo'],
  on_hold: ['failHeld', 'failHeldDo'],
  bad_removal: ['failRemoval', 'failRemovalDo'],
  policy_unreadable: ['failPolicy', 'failPolicyDo'],
  personal_data_withheld: ['failPersonal', 'failPersonalDo'],
}

export function failureWords(failure: Failure): FailureWords {
  if (failure.code === 'locked_out') return lockedOut(failure.retryAfter)
  const words = known[failure.code]
  if (words) return { title: t(words[0], failure.detail), advice: t(words[1], failure.detail) }
  if (failure.kind === 'unreachable') return { title: t('failUnreachable'), advice: t('failUnreachableDo') }
  if (failure.kind === 'misbehaved') return { title: t('failMisbehaved'), advice: t('failMisbehavedDo') }
  if (failure.kind === 'refused' && failure.status !== undefined && failure.status < 500) {
    return { title: t('failRefused'), advice: failure.detail }
  }
  if (failure.kind === 'refused') return { title: t('failServer'), advice: t('failServerDo') }
  return { title: t('failHere'), advice: t('failHereDo') }
}

function lockedOut(seconds: number | undefined): FailureWords {
  if (seconds === undefined) return { title: t('failLocked'), advice: t('failLockedDo') }
  const unit = seconds < 90 ? 'second' : 'minute'
  const count = unit === 'second' ? Math.ceil(seconds) : Math.ceil(seconds / 60)
  const wait = new Intl.NumberFormat(currentLanguage(), { style: 'unit', unit, unitDisplay: 'long' }).format(
    count,
  )
  return { title: t('failLocked'), advice: t('failLockedWait', wait) }
}

/** For a report to whoever runs the server. Nothing secret is in a failure. */
export function failureDetails(failure: Failure): string {
  return Object.entries(failure)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}
