/** The less frequent parts: outcome, channel, changed field, address. */
import { useState } from 'preact/hooks'
import { parseAddressRange } from '../../../shared/address.ts'
import type { FacetField } from '../../../shared/api.ts'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Field } from '../controls/Field.tsx'
import { usePanel } from '../panel-context.ts'
import { partLabel } from '../text/filter-words.ts'
import { t } from '../text/translate.ts'
import { FacetValues } from './FacetValues.tsx'
import { FilterButton } from './FilterButton.tsx'

export function MoreButton() {
  const { filter, facets } = usePanel()
  const parts = ['outcome', 'channel', 'changed', 'ip'] as const
  const chosen = filter.chips.value.filter(({ part }) => parts.some(known => known === part)).length
  return (
    <FilterButton
      name={t('more')}
      chosen={chosen}
      onOpen={() => facets.open('outcome', 'channel', 'changed')}
      onClose={facets.close}
    >
      {() => <MorePanel />}
    </FilterButton>
  )
}

function MorePanel() {
  const { facets, session } = usePanel()
  const failure = facets.failure.value
  return (
    <div class="popover-body more-panel">
      {failure && <FailureNote failure={failure} onRetry={facets.retry} />}
      <Section field="outcome" />
      <Section field="channel" />
      <Section field="changed" />
      {session.may('audit_log.read_personal') && <AddressField />}
    </div>
  )
}

function Section({ field }: { field: FacetField }) {
  const { facets } = usePanel()
  const list = facets.lists.value[field]
  if (list?.values.length === 0) return null
  return (
    <section aria-label={partLabel(field)}>
      <h3 class="field-label">{partLabel(field)}</h3>
      {list && <FacetValues list={list} />}
    </section>
  )
}

function AddressField() {
  const { filter } = usePanel()
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState(false)
  const add = (apply: (part: 'ip', value: string) => void) => {
    const value = text.trim()
    if (!parseAddressRange(value)) return setWrong(true)
    apply('ip', value)
    setText('')
  }
  return (
    <form
      class="address-field"
      onSubmit={event => {
        event.preventDefault()
        add(filter.include)
      }}
    >
      <Field
        label={partLabel('ip')}
        value={text}
        placeholder="203.0.113.7, 10.0.0.0/8"
        spellcheck={false}
        autocomplete="off"
        problem={wrong ? t('ipWrong') : null}
        onValue={value => {
          setText(value)
          setWrong(false)
        }}
      />
      <div class="button-row">
        <button type="submit" class="button small" disabled={!text.trim()}>
          {t('only')}
        </button>
        <button
          type="button"
          class="button small"
          disabled={!text.trim()}
          onClick={() => add(filter.exclude)}
        >
          {t('exclude')}
        </button>
      </div>
    </form>
  )
}
