/** Everything that narrows the list: the query bar, one button a field, and chips for what is in force. */
import { usePanel } from '../panel-context.ts'
import { QueryBar } from '../query/QueryBar.tsx'
import { t } from '../text/translate.ts'
import { Chips } from './Chips.tsx'
import { DateButton } from './DateButton.tsx'
import { FacetButton } from './FacetButton.tsx'
import { MoreButton } from './MoreButton.tsx'

export function FilterBar() {
  const { filter } = usePanel()
  return (
    <search class="filter-bar" aria-label={t('filters')}>
      <QueryBar />
      <div class="filter-buttons" role="toolbar" aria-label={t('filterBy')}>
        <FacetButton field="action" />
        <FacetButton field="area" />
        <FacetButton field="actor" />
        <FacetButton field="target" />
        <DateButton />
        <MoreButton />
      </div>
      {filter.problem.value !== null && <BrokenFilter detail={filter.problem.value} />}
      <Chips />
    </search>
  )
}

/** The address holds a filter that cannot be read: saying so beats showing everything as if it were asked for. */
function BrokenFilter({ detail }: { detail: string }) {
  const { filter } = usePanel()
  return (
    <p class="problem" role="alert">
      {t('filterBroken', detail)}{' '}
      <button type="button" class="link-button" onClick={filter.clear}>
        {t('clearFilters')}
      </button>
    </p>
  )
}
