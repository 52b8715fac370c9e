/** Verify a file: an export is chosen or dropped, and proven on this device, or what is wrong with it is named. */
import { useRef } from 'preact/hooks'
import { Dialog } from '../controls/Dialog.tsx'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { t } from '../text/translate.ts'
import { ImportOffer } from './ImportOffer.tsx'
import { Report } from './Report.tsx'

export function VerifyDialog() {
  const { verifying } = usePanel()
  const state = verifying.state.value
  return (
    <Dialog title={t('verifyFile')} onClose={verifying.close} foot={<Foot />}>
      {state.name !== 'asking' && (
        <p class="export-name">
          <SafeText text={state.file} max={160} />
        </p>
      )}
      <div class="file-report" role="status">
        {state.name === 'checking' && <p class="hint">{t('verifyingFile')}</p>}
        {state.name === 'done' && <Report report={state.report} />}
        {state.name === 'failed' && <FailureNote failure={state.failure} />}
      </div>
      {state.name === 'done' && state.report.outcome === 'malformed' && <ImportOffer />}
      {state.name === 'asking' && <Chooser />}
    </Dialog>
  )
}

function Chooser() {
  const { verifying } = usePanel()
  const input = useRef<HTMLInputElement>(null)
  return (
    <div class="drop-place">
      <p>{t('verifyFileHint')}</p>
      <input
        ref={input}
        class="visually-hidden"
        type="file"
        multiple
        tabIndex={-1}
        aria-label={t('chooseFile')}
        accept=".zip,.csv,.json,.ndjson,.txt"
        onChange={event => void verifying.verify([...(event.currentTarget.files ?? [])])}
      />
      <button type="button" class="button primary" data-autofocus onClick={() => input.current?.click()}>
        <Icon name="verified" />
        {t('chooseFile')}
      </button>
      <p class="hint">{t('verifyPartsHint')}</p>
    </div>
  )
}

function Foot() {
  const { verifying } = usePanel()
  const isAsking = verifying.state.value.name === 'asking'
  return (
    <>
      {!isAsking && (
        <button type="button" class="button" onClick={verifying.again}>
          {t('verifyAnother')}
        </button>
      )}
      <button type="button" class="button" onClick={verifying.close}>
        {t('close')}
      </button>
    </>
  )
}
