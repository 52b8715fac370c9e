/** A failure in its place: what happened, what to do, a way to try again, and details for support. */
import type { Failure } from '../../worker/protocol.ts'
import { failureDetails, failureWords } from '../text/failure-words.ts'
import { SafeText } from '../text/SafeText.tsx'
import { t } from '../text/translate.ts'
import { CopyButton } from './CopyButton.tsx'
import { Icon } from './Icon.tsx'

/** The user's own to put right: nobody needs a report. */
const ordinary = new Set(['wrong_credentials', 'locked_out', 'weak_password', 'host_refused', 'conflict'])

interface FailureNoteProps {
  failure: Failure
  onRetry?: () => void
}

export function FailureNote({ failure, onRetry }: FailureNoteProps) {
  const { title, advice } = failureWords(failure)
  const isOrdinary = ordinary.has(failure.code)
  return (
    <div class="note bad" role="alert">
      <Icon name="alert" />
      <div class="note-body">
        <p class="note-title">
          <SafeText text={title} />
        </p>
        <p>
          <SafeText text={advice} />
        </p>
        {failure.requestId && !isOrdinary && (
          <p class="note-small">
            {t('requestId')} <code>{failure.requestId}</code>
          </p>
        )}
        {(onRetry || !isOrdinary) && (
          <div class="note-actions">
            {onRetry && (
              <button type="button" class="button small" onClick={onRetry}>
                <Icon name="refresh" />
                {t('retry')}
              </button>
            )}
            {!isOrdinary && (
              <CopyButton
                text={() => failureDetails(failure)}
                label={t('copyDetails')}
                caption={t('copyDetails')}
              />
            )}
          </div>
        )}
      </div>
    </div>
  )
}
