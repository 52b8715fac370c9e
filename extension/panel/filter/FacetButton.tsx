/** A field with type-ahead, counts and many values at once. */
import type { FacetField } from '../../../shared/api.ts'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { partLabel } from '../text/filter-words.ts'
import { counted, t } from '../text/translate.ts'
import { FacetValues, moveBetweenValues } from './FacetValues.tsx'
import { FilterButton } from './FilterButton.tsx'

export function FacetButton({ field }: { field: FacetField }) {
  const { filter, facets } = usePanel()
  const { include = [], exclude = [] } = filter.filter.value[field] ?? {}
  return (
    <FilterButton
      name={partLabel(field)}
      chosen={include.length + exclude.length}
      onOpen={() => facets.open(field)}
      onClose={facets.close}
    >
      {() => <FacetPanel field={field} />}
    </FilterButton>
  )
}

function FacetPanel({ field }: { field: FacetField }) {
  const { filter, facets } = usePanel()
  const list = facets.lists.value[field]
  const failure = facets.failure.value
  const isChosen = filter.filter.value[field] !== undefined
  return (
    <div class="facet-panel" role="group" onKeyDown={moveBetweenValues}>
      <div class="facet-search">
        <Icon name="search" />
        <input
          type="text"
          class="text-input"
          data-autofocus
          aria-label={t('findIn', partLabel(field))}
          placeholder={t('typeToFind')}
          autocomplete="off"
          spellcheck={false}
          value={facets.search.value}
          onInput={event => {
            facets.search.value = event.currentTarget.value
          }}
        />
      </div>
      <div class="facet-list">
        {failure && <FailureNote failure={failure} onRetry={facets.retry} />}
        {list && <FacetValues list={list} />}
        {list?.values.length === 0 && !failure && <p class="hint facet-none">{t('noValues')}</p>}
      </div>
      <div class="facet-foot">
        <span class="hint">{list && list.more > 0 ? counted('moreValues', list.more) : t('facetHint')}</span>
        {isChosen && (
          <button type="button" class="link-button" onClick={() => filter.clearPart(field)}>
            {t('clear')}
          </button>
        )}
      </div>
    </div>
  )
}
