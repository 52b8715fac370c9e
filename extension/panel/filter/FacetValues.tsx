/** The values of a field: a checkbox to include, a button to exclude, and how many events each would show. */
import type { FacetValue } from '../../../shared/api.ts'
import type { FacetList } from '../../state/facet-model.ts'
import { Icon } from '../controls/Icon.tsx'
import { Sparkline } from '../histogram/Sparkline.tsx'
import { usePanel } from '../panel-context.ts'
import { valueLabel } from '../text/filter-words.ts'
import { spellOddCharacters } from '../text/odd-characters.ts'
import { SafeText } from '../text/SafeText.tsx'
import { counted, formatCount, t } from '../text/translate.ts'

export function FacetValues({ list }: { list: FacetList }) {
  return (
    <ul>
      {list.values.map(value => (
        <FacetRow key={value.value} list={list} value={value} />
      ))}
    </ul>
  )
}

function FacetRow({ list: { field }, value }: { list: FacetList; value: FacetValue }) {
  const { filter, names, facets } = usePanel()
  const chosen = filter.filter.value[field]
  const isIncluded = chosen?.include.includes(value.value) ?? false
  const isExcluded = chosen?.exclude.includes(value.value) ?? false
  const label = value.label || valueLabel(field, value.value, names)
  const shown = field === 'outcome' || field === 'channel' ? valueLabel(field, value.value, names) : label
  const spoken = spellOddCharacters(shown.slice(0, 200))
  const toggle = () =>
    isIncluded || isExcluded ? filter.remove(field, value.value) : filter.include(field, value.value)
  const exclude = () => (isExcluded ? filter.remove(field, value.value) : filter.exclude(field, value.value))
  const state = isExcluded ? ' excluded' : value.count === 0 ? ' empty' : ''
  return (
    <li class={`facet-row${state}`}>
      <label
        title={
          spoken === value.value ? spoken : `${spoken}\n${spellOddCharacters(value.value.slice(0, 200))}`
        }
      >
        <input type="checkbox" aria-label={spoken} checked={isIncluded} onChange={toggle} />
        <span class="facet-label">
          <SafeText text={shown} max={120} />
        </span>
        <Sparkline counts={facets.sparklines.value[field]?.get(value.value)} />
        <span class="facet-count">
          <span class="visually-hidden">{counted('events', value.count)}</span>
          <span aria-hidden="true">{formatCount(value.count)}</span>
        </span>
      </label>
      <button
        type="button"
        class="quiet-button facet-exclude"
        aria-label={t('excludeValue', spoken)}
        aria-pressed={isExcluded}
        title={t('exclude')}
        onClick={exclude}
      >
        <Icon name="exclude" />
      </button>
    </li>
  )
}

/** Arrow keys go from the search field through the values; typing goes on in the field. */
export function moveBetweenValues(event: KeyboardEvent): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const panel = event.currentTarget as HTMLElement
  const stops = [...panel.querySelectorAll<HTMLElement>('input[type=text], .facet-row input')]
  const at = stops.indexOf(document.activeElement as HTMLElement)
  if (at < 0) return
  event.preventDefault()
  stops[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
}
