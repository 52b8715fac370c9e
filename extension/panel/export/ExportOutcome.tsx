/** The export on its way, done, or stopped with a way to go on. */
import type { ExportProgress } from '../../worker/protocol.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { counted, formatCount, t } from '../text/translate.ts'

export function ExportOutcome() {
  const { exporting } = usePanel()
  const state = exporting.state.value
  switch (state.name) {
    case 'running':
      return <Running progress={state.progress} />
    case 'failed':
      return <Failed />
    default:
      return <Done />
  }
}

function Running({ progress }: { progress: ExportProgress | null }) {
  const { exporting } = usePanel()
  return (
    <Dialog
      title={t('exporting')}
      onClose={exporting.close}
      foot={
        <button type="button" class="button" onClick={exporting.cancel}>
          {t('cancelExport')}
        </button>
      }
    >
      <ProgressBar progress={progress} />
      <p class="hint">{progress?.state === 'waiting' ? t('exportWaiting') : t('exportStay')}</p>
    </Dialog>
  )
}

function ProgressBar({ progress }: { progress: ExportProgress | null }) {
  const { exporting } = usePanel()
  const total = progress?.rowsTotal ?? exporting.total.value ?? 0
  const done = progress?.rowsDone ?? 0
  return (
    <div>
      <progress class="coverage tall" max={Math.max(1, total)} value={done} aria-label={t('exporting')} />
      <p>{t('exportedOf', formatCount(done), formatCount(total))}</p>
    </div>
  )
}

function Failed() {
  const { exporting } = usePanel()
  const state = exporting.state.value
  if (state.name !== 'failed') return null
  return (
    <Dialog
      title={t('exportStopped')}
      onClose={exporting.close}
      foot={
        <>
          <button type="button" class="button" onClick={exporting.again}>
            {t('startOver')}
          </button>
          <button type="button" class="button primary" onClick={() => void exporting.resume()}>
            {t('resumeExport')}
          </button>
        </>
      }
    >
      {state.progress && <ProgressBar progress={state.progress} />}
      <FailureNote failure={state.failure} />
    </Dialog>
  )
}

function Done() {
  const { exporting } = usePanel()
  const state = exporting.state.value
  if (state.name !== 'done') return null
  const { file } = state
  return (
    <Dialog
      title={t('exportDone')}
      onClose={exporting.close}
      foot={
        <>
          <button type="button" class="button" onClick={exporting.again}>
            {t('exportMore')}
          </button>
          <button type="button" class="button primary" data-autofocus onClick={exporting.close}>
            {t('done')}
          </button>
        </>
      }
    >
      <div class="export-result" role="status">
        <Icon name="success" />
        <div>
          <p class="export-name">{file.name}</p>
          <p class="hint">
            {counted('records', file.rows)}
            {file.parts > 1 && ` · ${counted('files', file.parts)}`} · {sizeWords(file.blob.size)}
          </p>
          <p class="hint">{t('exportLogged')}</p>
        </div>
      </div>
    </Dialog>
  )
}

function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
