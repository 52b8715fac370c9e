/** For what cannot be undone: says what will happen, and shows why when the server refuses. */
import { useState } from 'preact/hooks'
import type { Failure } from '../../worker/protocol.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { FailureNote } from '../controls/FailureNote.tsx'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'

interface ConfirmDialogProps {
  title: string
  text: string
  confirm: string
  run(): Promise<Failure | null>
  onClose(): void
}

export function ConfirmDialog({ title, text, confirm, run, onClose }: ConfirmDialogProps) {
  const { admin, sources, retention } = usePanel()
  const [failure, setFailure] = useState<Failure | null>(null)
  const isBusy = admin.busy.value || sources.busy.value || retention.busy.value
  const go = async () => {
    const problem = await run()
    if (problem) setFailure(problem)
    else onClose()
  }
  return (
    <Dialog
      title={title}
      onClose={onClose}
      foot={
        <>
          <button type="button" class="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="button" class="button danger" disabled={isBusy} onClick={() => void go()}>
            {confirm}
          </button>
        </>
      }
    >
      <p class="breakable">{text}</p>
      {failure && <FailureNote failure={failure} />}
    </Dialog>
  )
}
