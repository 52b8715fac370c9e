/**
 * Accepting another log, after a backup was restored for instance. The new key is not shown: who could copy it from
 * here would compare the server with itself.
 */
import { useState } from 'preact/hooks'
import type { LogKeys } from '../../../shared/api.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { Field } from '../controls/Field.tsx'
import { usePanel } from '../panel-context.ts'
import { failureWords } from '../text/failure-words.ts'
import { SafeText } from '../text/SafeText.tsx'
import { t } from '../text/translate.ts'

interface AcceptDialogProps {
  offered: LogKeys
  pinned: LogKeys
  onClose(): void
}

export function AcceptDialog({ offered, pinned, onClose }: AcceptDialogProps) {
  const { trust } = usePanel()
  const [key, setKey] = useState('')
  const [understood, setUnderstood] = useState(false)
  const typed = key.trim()
  const isOther = typed !== '' && typed !== offered.log
  const failure = trust.failure.value
  return (
    <Dialog
      title={t('acceptNewLog')}
      onClose={onClose}
      onSubmit={() => void trust.acceptLog(typed).then(done => done && onClose())}
      foot={
        <>
          <button type="button" class="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button
            type="submit"
            class="button danger"
            disabled={!understood || typed !== offered.log || trust.busy.value}
          >
            {t('acceptThisLog')}
          </button>
        </>
      }
    >
      <p>{t('acceptMeans')}</p>
      <dl class="facts">
        <dt>{t('logBefore')}</dt>
        <dd>
          <SafeText text={pinned.origin} />
        </dd>
        <dt>{t('logNow')}</dt>
        <dd>
          <SafeText text={offered.origin} />
        </dd>
      </dl>
      <p>{t('acceptCompare')}</p>
      <Field
        label={t('newLogKey')}
        required
        value={key}
        onValue={setKey}
        problem={isOther ? t('otherLogKey') : failure && failureWords(failure).title}
      />
      <label class="choice">
        <input
          type="checkbox"
          checked={understood}
          onChange={event => setUnderstood(event.currentTarget.checked)}
        />
        <span>{t('acceptUnderstood')}</span>
      </label>
    </Dialog>
  )
}
