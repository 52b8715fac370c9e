/** Which columns a CSV has, in the order of the list. */
import { columnIds, columns, defaultColumnIds } from '../../../shared/export/columns.ts'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'

export function ColumnChooser() {
  const { exporting } = usePanel()
  const chosen = exporting.columns.value
  const toggle = (id: string) => {
    exporting.columns.value = columnIds.filter(known =>
      known === id ? !chosen.includes(id) : chosen.includes(known),
    )
  }
  return (
    <fieldset class="column-chooser">
      <legend class="field-label">{t('columnsChosen', chosen.length, columns.length)}</legend>
      <div class="columns-list">
        {columns.map(({ id, label }) => (
          <label key={id} class="choice">
            <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
            {label}
          </label>
        ))}
      </div>
      <div class="button-row">
        <button
          type="button"
          class="link-button"
          onClick={() => {
            exporting.columns.value = columnIds
          }}
        >
          {t('allColumns')}
        </button>
        <button
          type="button"
          class="link-button"
          onClick={() => {
            exporting.columns.value = defaultColumnIds
          }}
        >
          {t('usualColumns')}
        </button>
      </div>
    </fieldset>
  )
}
