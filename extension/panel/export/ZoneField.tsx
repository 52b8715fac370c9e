/** The zone that the export's days and local times are in. */
import { useId } from 'preact/hooks'
import { localZone } from '../../state/settings-model.ts'
import { usePanel } from '../panel-context.ts'
import { zoneLabel } from '../text/time-words.ts'
import { t } from '../text/translate.ts'

export function ZoneField() {
  const { exporting, settings } = usePanel()
  const id = useId()
  const zones = [...new Set([exporting.exportZone.value, settings.zone.value, localZone(), 'UTC'])]
  return (
    <div class="field">
      <label for={id}>{t('zone')}</label>
      <select
        id={id}
        class="select-input"
        value={exporting.exportZone.value}
        onChange={event => {
          exporting.exportZone.value = event.currentTarget.value
        }}
      >
        {zones.map(zone => (
          <option key={zone} value={zone}>
            {zoneLabel(zone)}
          </option>
        ))}
      </select>
    </div>
  )
}
