/** A failure in its place: what happened, what to do, a way to try again, and details for support. */
import type { Failure } from '../../worker/protocol.ts'
import { failureDetails, failureWords } from '../text/failure-words.ts'
import { SafeText } from '../text/SafeText.tsx'
import { t } from '../text/translate.ts'
import { CopyButton } from './CopyButton.tsx'
import { Icon } from './Icon.tsx'

interface FailureNoteProps {
  failure: Failure
  onRetry?: () => void
}

export function FailureNote({ failure, onRetry }: FailureNoteProps) {
  const { title, advice } = failureWords(failure)
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
        {failure.requestId && (
          <p class="note-small">
            {t('requestId')} <code>{failure.requestId}</code>
          </p>
        )}
        <div class="note-actions">
          {onRetry && (
            <button type="button" class="button small" onClick={onRetry}>
              <Icon name="refresh" />
              {t('retry')}
            </button>
          )}
          <CopyButton
            text={() => failureDetails(failure)}
            label={t('copyDetails')}
            caption={t('copyDetails')}
          />
        </div>
      </div>
    </div>
  )
}
