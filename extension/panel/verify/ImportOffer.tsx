/** A file that is no export of ours may be the platform's own: whoever may write to the log can take its records in. */
import { useEffect } from 'preact/hooks'
import type { ImportReport } from '../../../shared/imports.ts'
import { mayBeExports } from '../../state/import-model.ts'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { counted, t } from '../text/translate.ts'

export function ImportOffer() {
  const { verifying, importing, session } = usePanel()
  const files = verifying.files.value
  useEffect(() => importing.forget, [importing, files])
  if (!session.may('audit_log.write') || !mayBeExports(files)) return null
  const state = importing.state.value
  return (
    <section class="import-offer" aria-label={t('importTitle')}>
      <h3>{t('importTitle')}</h3>
      {state.name === 'idle' && (
        <>
          <p>{t('importText')}</p>
          <button type="button" class="button" onClick={() => void importing.look(files)}>
            {t('importLook')}
          </button>
        </>
      )}
      <div role="status">
        {state.name === 'looking' && <p class="hint">{t('importLooking')}</p>}
        {(state.name === 'found' || state.name === 'importing') && <Found report={state.report} />}
        {state.name === 'imported' && <Imported report={state.report} />}
        {state.name === 'failed' && (
          <FailureNote failure={state.failure} onRetry={() => void importing.look(files)} />
        )}
      </div>
    </section>
  )
}

function Found({ report }: { report: ImportReport }) {
  const { verifying, importing } = usePanel()
  const isBusy = importing.state.value.name === 'importing'
  return (
    <>
      <p>
        {counted('importRead', report.read)} {counted('importNew', report.accepted)}
      </p>
      <Rest report={report} />
      {report.accepted > 0 && (
        <>
          <p class="hint">{t('importForGood')}</p>
          <button
            type="button"
            class="button primary"
            disabled={isBusy}
            onClick={() => void importing.bring(verifying.files.value)}
          >
            {counted('importBring', report.accepted)}
          </button>
        </>
      )}
    </>
  )
}

function Imported({ report }: { report: ImportReport }) {
  return (
    <div class="note">
      <Icon name="success" />
      <div class="note-body">
        <p class="note-title">{counted('importDone', report.accepted)}</p>
        <Rest report={report} />
      </div>
    </div>
  )
}

/** What of the records is not new, and what is to be known of those that are. */
function Rest({ report }: { report: ImportReport }) {
  const { duplicates, recognised, rejected, withoutId, rejects } = report
  const [first] = rejects
  return (
    <ul class="import-rest">
      {duplicates > 0 && <li>{counted('importDuplicates', duplicates)}</li>}
      {recognised > 0 && <li>{counted('importRecognised', recognised)}</li>}
      {withoutId > 0 && <li>{counted('importWithoutId', withoutId)}</li>}
      {rejected > 0 && (
        <li>
          {counted('importRejected', rejected)}{' '}
          {first && (
            <SafeText text={`${first.file}:${first.line}: ${first.path} ${first.reason}`} max={200} />
          )}
        </li>
      )}
    </ul>
  )
}
