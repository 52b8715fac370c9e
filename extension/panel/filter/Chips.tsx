/** What is in force. A click on a chip turns it into its opposite, its cross removes it; clearing can be undone. */
import type { Chip } from '../../state/filter-model.ts'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { focusQueryBar } from '../query/query-box.ts'
import { chipWords, dateWords, partLabel, valueLabel } from '../text/filter-words.ts'
import { spellOddCharacters } from '../text/odd-characters.ts'
import { SafeText } from '../text/SafeText.tsx'
import { t } from '../text/translate.ts'

export function Chips() {
  const { filter, query, settings, notices } = usePanel()
  const { hours } = settings.settings.value
  const dates = dateWords(filter.chosenDates.value, filter.range.value, settings.zone.value, hours)
  const chips = filter.chips.value
  if (chips.length === 0 && !dates) return null
  const clear = () => {
    const before = filter.written()
    filter.clear()
    notices.show(t('filtersCleared'), { action: { label: t('undo'), run: () => filter.restore(before) } })
  }
  const editAsText = () => {
    query.editAll()
    focusQueryBar()
  }
  return (
    <ul class="chips" aria-label={t('filtersInForce')}>
      {chips.map(chip => (
        <FilterChip key={`${chip.part} ${chip.value}`} chip={chip} />
      ))}
      {dates && (
        <li class="chip">
          <span class="chip-words">{dates}</span>
          <button
            type="button"
            class="chip-remove"
            aria-label={t('removeChip', dates)}
            onClick={filter.anyDate}
          >
            <Icon name="close" />
          </button>
        </li>
      )}
      <li>
        <button type="button" class="link-button" title={t('editAsTextHint')} onClick={editAsText}>
          {t('editAsText')}
        </button>
      </li>
      <li>
        <button type="button" class="link-button" onClick={clear}>
          {t('clearAll')}
        </button>
      </li>
    </ul>
  )
}

function FilterChip({ chip }: { chip: Chip }) {
  const { filter, names } = usePanel()
  const words = spellOddCharacters(chipWords(chip, names).slice(0, 200))
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Delete' && event.key !== 'Backspace') return
    event.preventDefault()
    filter.remove(chip.part, chip.value)
  }
  return (
    <li class={chip.excluded ? 'chip excluded' : 'chip'}>
      <button
        type="button"
        class="chip-words"
        aria-pressed={chip.excluded}
        title={chip.excluded ? t('chipInclude') : t('chipExclude')}
        onClick={() => filter.negate(chip)}
        onKeyDown={onKeyDown}
      >
        {chip.excluded && <Icon name="exclude" />}
        <span class="chip-text">
          <span class="chip-part">
            {chip.excluded ? t('chipPartNot', partLabel(chip.part)) : t('chipPart', partLabel(chip.part))}
          </span>{' '}
          <strong>
            <SafeText text={valueLabel(chip.part, chip.value, names)} max={80} />
          </strong>
        </span>
      </button>
      <button
        type="button"
        class="chip-remove"
        aria-label={t('removeChip', words)}
        onClick={() => filter.remove(chip.part, chip.value)}
      >
        <Icon name="close" />
      </button>
    </li>
  )
}
