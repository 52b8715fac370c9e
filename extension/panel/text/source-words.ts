/** How a source stands, in words: for the list of sources, and for readers of the log. */
import type { SourceStatus, Trouble, TroubleCode } from '../../../shared/sources.ts'
import { counted, type MessageKey, t } from './translate.ts'

const troubles: Record<TroubleCode, readonly [title: MessageKey, advice: MessageKey]> = {
  name_not_resolved: ['troubleNameNotResolved', 'troubleNameNotResolvedDo'],
  refused: ['troubleRefused', 'troubleRefusedDo'],
  unreachable: ['troubleUnreachable', 'troubleUnreachableDo'],
  timed_out: ['troubleTimedOut', 'troubleTimedOutDo'],
  cut_off: ['troubleCutOff', 'troubleCutOffDo'],
  proxy_failed: ['troubleProxyFailed', 'troubleProxyFailedDo'],
  tls_untrusted: ['troubleTlsUntrusted', 'troubleTlsUntrustedDo'],
  tls_expired: ['troubleTlsExpired', 'troubleTlsExpiredDo'],
  tls_not_yet_valid: ['troubleTlsNotYetValid', 'troubleTlsNotYetValidDo'],
  tls_wrong_host: ['troubleTlsWrongHost', 'troubleTlsWrongHostDo'],
  tls_failed: ['troubleTlsFailed', 'troubleTlsFailedDo'],
  key_refused: ['troubleKeyRefused', 'troubleKeyRefusedDo'],
  role_lacks_permission: ['troubleRoleLacksPermission', 'troubleRoleLacksPermissionDo'],
  address_not_allowed: ['troubleAddressNotAllowed', 'troubleAddressNotAllowedDo'],
  wrong_address: ['troubleWrongAddress', 'troubleWrongAddressDo'],
  rate_limited: ['troubleRateLimited', 'troubleRateLimitedDo'],
  platform_failed: ['troublePlatformFailed', 'troublePlatformFailedDo'],
  request_refused: ['troubleRequestRefused', 'troubleRequestRefusedDo'],
  unexpected_answer: ['troubleUnexpectedAnswer', 'troubleUnexpectedAnswerDo'],
  clock_skew: ['troubleClockSkew', 'troubleClockSkewDo'],
  log_unavailable: ['troubleLogUnavailable', 'troubleLogUnavailableDo'],
  key_unreadable: ['troubleKeyUnreadable', 'troubleKeyUnreadableDo'],
}

/** Of a newer server's trouble, too, something true is said. */
export function troubleWords({ code, detail, advice }: Trouble): { title: string; advice: string } {
  const words = troubles[code]
  return words ? { title: t(words[0]), advice: t(words[1]) } : { title: detail, advice }
}

type Time = (moment: string) => string

/** The one line under a source's name. */
export function statusWords(source: SourceStatus, time: Time): string {
  const { state, asOf, failingSince, trouble, taken, total, behind } = source
  switch (state) {
    case 'caught_up':
      return t('sourceCaughtUp', asOf ? time(asOf) : '')
    case 'walking':
      return total === null ? counted('sourceWalkingUnknown', taken) : t('sourceWalking', taken, total)
    case 'behind':
      return counted('sourceBehind', behind ?? 0)
    case 'paused':
      return asOf ? t('sourcePausedSince', time(asOf)) : t('sourcePaused')
    case 'failing': {
      const what = trouble ? troubleWords(trouble).title : ''
      return failingSince ? t('sourceFailing', time(failingSince), what) : t('sourceStoppedNever', what)
    }
    default:
      return t('sourceWaiting')
  }
}

/** What a reader must know about a source of which something is, or may be, missing. */
export function readerWords(source: SourceStatus, time: Time): string {
  const { name, state, asOf, failingSince, trouble, taken, total, behind, gap, unreadable } = source
  if (state === 'failing') {
    const what = trouble ? troubleWords(trouble).title : ''
    return failingSince ? t('feedFailing', name, time(failingSince), what) : t('feedNever', name, what)
  }
  if (state === 'paused') return asOf ? t('feedPaused', name, time(asOf)) : t('feedPausedNever', name)
  if (state === 'walking')
    return total === null ? t('feedWalkingUnknown', name, taken) : t('feedWalking', name, taken, total)
  if (state === 'waiting') return t('feedWaiting', name)
  if (gap) return counted('feedGap', gap.missing, name)
  if (state === 'behind') return counted('feedBehind', behind ?? 0, name)
  return counted('feedUnreadable', unreadable.count, name)
}
