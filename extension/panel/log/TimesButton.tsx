/** How times are shown: absolute or relative, and in which zone. */
import { useState } from 'preact/hooks'
import { localZone } from '../../state/settings-model.ts'
import { Icon } from '../controls/Icon.tsx'
import { PopoverButton } from '../controls/Popover.tsx'
import { Segments } from '../controls/Segments.tsx'
import { usePanel } from '../panel-context.ts'
import { zoneLabel } from '../text/time-words.ts'
import { t } from '../text/translate.ts'

export function TimesButton() {
  const { settings } = usePanel()
  const zone = zoneLabel(settings.zone.value)
  const label = t('timesIn', zone)
  return (
    <PopoverButton
      label={label}
      title={t('times')}
      class="link-button times-button"
      button={
        <>
          <span class="clip">{label}</span>
          <Icon name="down" />
        </>
      }
    >
      {close => (
        <div class="popover-body times-panel">
          <Segments
            label={t('showTimes')}
            value={settings.settings.value.times}
            options={[
              ['absolute', t('timesAbsolute')],
              ['relative', t('timesRelative')],
            ]}
            onValue={times => settings.change({ times })}
          />
          <ZonePicker
            value={settings.settings.value.zone}
            onValue={chosen => {
              settings.change({ zone: chosen })
              close()
            }}
          />
        </div>
      )}
    </PopoverButton>
  )
}

interface ZonePickerProps {
  value: string
  onValue(zone: string): void
}

const zonesListed = 60

/** The browser's list may leave out UTC, which it knows all the same. */
const zoneNames = () => [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]

export function ZonePicker({ value, onValue }: ZonePickerProps) {
  const [typed, setTyped] = useState('')
  const wanted = typed.trim().toLowerCase().replaceAll(' ', '_')
  const zones = wanted ? zoneNames().filter(zone => zone.toLowerCase().includes(wanted)) : []
  const options: [zone: string, label: string][] = wanted
    ? zones.slice(0, zonesListed).map(zone => [zone, zoneLabel(zone)])
    : [
        ['local', t('zoneLocal', zoneLabel(localZone()))],
        ['UTC', 'UTC'],
      ]
  if (!wanted && value !== 'local' && value !== 'UTC') options.push([value, zoneLabel(value)])
  return (
    <div class="field">
      <span class="field-label">{t('zone')}</span>
      <input
        type="text"
        class="text-input"
        aria-label={t('findZone')}
        placeholder={t('findZone')}
        autocomplete="off"
        spellcheck={false}
        value={typed}
        onInput={event => setTyped(event.currentTarget.value)}
      />
      <ul class="zone-list" aria-label={t('zones')}>
        {options.map(([zone, label]) => (
          <li key={zone}>
            <button
              type="button"
              class="menu-item"
              aria-pressed={zone === value}
              onClick={() => onValue(zone)}
            >
              <span class="menu-mark">{zone === value && <Icon name="check" />}</span>
              {label}
            </button>
          </li>
        ))}
        {wanted && options.length === 0 && <li class="hint">{t('noZone')}</li>}
      </ul>
    </div>
  )
}
