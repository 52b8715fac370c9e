/** The dates: presets that move with the days, or two days, both included, in the zone shown. */
import { useState } from 'preact/hooks'
import { datePresets, daysOfRange } from '../../state/filter-dates.ts'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { presetLabel } from '../text/filter-words.ts'
import { zoneLabel } from '../text/time-words.ts'
import { t } from '../text/translate.ts'
import { FilterButton } from './FilterButton.tsx'

export function DateButton() {
  const { filter } = usePanel()
  return (
    <FilterButton name={t('partDate')} chosen={filter.dates.value.kind === 'any' ? 0 : 1}>
      {close => <DatePanel close={close} />}
    </FilterButton>
  )
}

function DatePanel({ close }: { close: () => void }) {
  const { filter } = usePanel()
  const choice = filter.dates.value
  const current = choice.kind === 'preset' ? choice.preset : choice.kind
  const choose = (run: () => void) => () => {
    run()
    close()
  }
  return (
    <div class="popover-body">
      <ul class="date-presets" aria-label={t('presets')}>
        <Preset label={t('anyTime')} chosen={current === 'any'} run={choose(filter.anyDate)} />
        {datePresets.map(preset => (
          <Preset
            key={preset}
            label={presetLabel(preset)}
            chosen={current === preset}
            run={choose(() => filter.choosePreset(preset))}
          />
        ))}
      </ul>
      <div class="menu-line" />
      <CustomDays />
    </div>
  )
}

function Preset({ label, chosen, run }: { label: string; chosen: boolean; run: () => void }) {
  return (
    <li>
      <button type="button" class="menu-item" aria-pressed={chosen} onClick={run}>
        <span class="menu-mark">{chosen && <Icon name="check" />}</span>
        {label}
      </button>
    </li>
  )
}

function CustomDays() {
  const { filter, settings } = usePanel()
  const zone = settings.zone.value
  const shown = daysOfRange(filter.range.value, zone)
  const [first, setFirst] = useState(shown.first ?? '')
  const [last, setLast] = useState(shown.last ?? '')
  const isReversed = first !== '' && last !== '' && first > last
  const apply = (from: string, to: string) => {
    setFirst(from)
    setLast(to)
    if (from && to && from <= to) filter.chooseDays({ first: from, last: to })
  }
  return (
    <fieldset class="custom-days">
      <legend class="field-label">{t('custom')}</legend>
      <div class="two-fields">
        <DayField label={t('firstDay')} value={first} onValue={value => apply(value, last)} />
        <DayField label={t('lastDay')} value={last} onValue={value => apply(first, value)} />
      </div>
      {isReversed ? (
        <p class="problem" role="alert">
          {t('daysReversed')}
        </p>
      ) : (
        <p class="hint">{t('daysIncluded', zoneLabel(zone))}</p>
      )}
    </fieldset>
  )
}

interface DayFieldProps {
  label: string
  value: string
  onValue(value: string): void
}

export function DayField({ label, value, onValue }: DayFieldProps) {
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      <input
        type="date"
        class="text-input"
        value={value}
        max="9999-12-31"
        onInput={event => onValue(event.currentTarget.value)}
      />
    </label>
  )
}
