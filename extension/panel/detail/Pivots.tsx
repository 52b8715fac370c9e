/** From a value to the events that share it, or to those that do not. */
import type { FilterPart } from '../../../shared/filter.ts'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { valueLabel } from '../text/filter-words.ts'
import { spellOddCharacters } from '../text/odd-characters.ts'
import { t } from '../text/translate.ts'

export function Pivots({ part, value }: { part: FilterPart; value: string }) {
  const { filter, names, notices } = usePanel()
  const label = spellOddCharacters(valueLabel(part, value, names).slice(0, 120))
  const apply = (change: (part: FilterPart, value: string) => void) => () => {
    const before = filter.written()
    change(part, value)
    notices.show(t('filterChanged'), { action: { label: t('undo'), run: () => filter.restore(before) } })
  }
  return (
    <>
      <button
        type="button"
        class="quiet-button"
        aria-label={t('onlyValue', label)}
        title={t('only')}
        onClick={apply(filter.only)}
      >
        <Icon name="include" />
      </button>
      <button
        type="button"
        class="quiet-button"
        aria-label={t('excludeValue', label)}
        title={t('exclude')}
        onClick={apply(filter.exclude)}
      >
        <Icon name="exclude" />
      </button>
    </>
  )
}
