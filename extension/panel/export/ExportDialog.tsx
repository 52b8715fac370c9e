/** Export: what, from when, and how much it will be, before anything is made. */
import { permissions } from '../../../shared/access.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Icon } from '../controls/Icon.tsx'
import { Segments } from '../controls/Segments.tsx'
import { DayField } from '../filter/DateButton.tsx'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { counted, formatCount, t } from '../text/translate.ts'
import { ColumnChooser } from './ColumnChooser.tsx'
import { ExportOutcome } from './ExportOutcome.tsx'
import { FilterInForce } from './FilterInForce.tsx'
import { ZoneField } from './ZoneField.tsx'

export function ExportDialog() {
  const { exporting, session } = usePanel()
  const { name } = exporting.state.value
  if (!session.may('audit_log.export')) return <NoExport />
  if (name !== 'asking') return <ExportOutcome />
  return (
    <Dialog
      title={t('export')}
      onClose={exporting.close}
      onSubmit={() => void exporting.start()}
      foot={<ExportButton />}
    >
      <Segments
        label={t('exportAs')}
        value={exporting.format.value}
        options={[
          ['csv', 'CSV'],
          ['json', 'JSON'],
        ]}
        onValue={format => {
          exporting.format.value = format
        }}
      />
      <TimeFrameFields />
      <FilterInForce />
      <ProofChoice />
      <details class="export-options">
        <summary>{t('exportOptions')}</summary>
        <ZoneField />
        {exporting.format.value === 'csv' && <MarkChoice />}
        {exporting.format.value === 'csv' && <ColumnChooser />}
      </details>
      {exporting.totalFailure.value && (
        <FailureNote failure={exporting.totalFailure.value} onRetry={exporting.recount} />
      )}
    </Dialog>
  )
}

function TimeFrameFields() {
  const { exporting } = usePanel()
  const { first, last } = exporting.days.value
  const problem = exporting.daysProblem.value
  return (
    <div class="time-frame">
      <Segments
        label={t('timeFrame')}
        value={exporting.frame.value}
        options={[
          ['30', t('last30')],
          ['90', t('last90')],
          ['custom', t('custom')],
        ]}
        onValue={frame => {
          exporting.frame.value = frame
        }}
      />
      {exporting.frame.value === 'custom' && (
        <div class="two-fields">
          <DayField
            label={t('firstDay')}
            value={first}
            onValue={value => {
              exporting.days.value = { first: value, last }
            }}
          />
          <DayField
            label={t('lastDay')}
            value={last}
            onValue={value => {
              exporting.days.value = { first, last: value }
            }}
          />
        </div>
      )}
      {problem && (
        <p class="problem" role="alert">
          {problem === 'reversed' ? t('daysReversed') : t('daysMissing')}
        </p>
      )}
    </div>
  )
}

/** A plain file is what a spreadsheet wants; a proof is what an auditor wants. */
function ProofChoice() {
  const { exporting } = usePanel()
  const isChoice = exporting.proofIsChoice.value
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={exporting.hasProof.value}
        disabled={!isChoice}
        onChange={event => exporting.chooseProof(event.currentTarget.checked)}
      />
      <span>
        {t('addProof')}
        <span class="hint block">{isChoice ? t('addProofHint') : t('addProofAlways')}</span>
      </span>
    </label>
  )
}

function MarkChoice() {
  const { exporting } = usePanel()
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={exporting.byteOrderMark.value}
        onChange={event => {
          exporting.byteOrderMark.value = event.currentTarget.checked
        }}
      />
      <span>
        {t('byteOrderMark')}
        <span class="hint block">{t('byteOrderMarkHint')}</span>
      </span>
    </label>
  )
}

/** The label says exactly what will be made. Disabled, it says why. */
function ExportButton() {
  const { exporting } = usePanel()
  const total = exporting.total.value
  const files = exporting.files.value
  const isCsv = exporting.format.value === 'csv'
  const noColumns = isCsv && exporting.columns.value.length === 0
  const reason = noColumns ? t('noColumns') : total === 0 ? t('nothingToExport') : null
  const isAnswered = exporting.daysProblem.value === null && !exporting.isCounting.value
  const isReady = total !== null && total > 0 && !reason && isAnswered
  return (
    <>
      {reason && (
        <p class="hint export-reason" id="export-reason" role="status">
          {reason}
        </p>
      )}
      <button type="button" class="button" onClick={exporting.close}>
        {t('cancel')}
      </button>
      <button
        type="submit"
        class="button primary"
        disabled={!isReady}
        aria-describedby={reason ? 'export-reason' : undefined}
      >
        <Icon name="export" />
        {exportLabel(total, files)}
      </button>
    </>
  )
}

function exportLabel(total: number | null, files: number): string {
  if (total === null) return t('exportCounting')
  return files > 1
    ? t('exportInFiles', formatCount(total), formatCount(files))
    : counted('exportRecords', total)
}

function NoExport() {
  const { exporting, session } = usePanel()
  const managers = session.me.value?.accessManagers ?? []
  return (
    <Dialog title={t('export')} onClose={exporting.close}>
      <div class="note warn">
        <Icon name="lock" />
        <div class="note-body">
          <p class="note-title">{t('noExportTitle')}</p>
          <p>{t('noExportText', permissions['audit_log.export'])}</p>
          {managers.length > 0 && (
            <p>
              {t('askFor')} <SafeText text={managers.join(', ')} />
            </p>
          )}
        </div>
      </div>
    </Dialog>
  )
}
