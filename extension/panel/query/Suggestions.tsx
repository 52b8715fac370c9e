/** The list below the query bar: keys with what they mean, values with how many events each would show. */
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Suggestion } from '../../state/query-suggestions.ts'
import { usePanel } from '../panel-context.ts'
import { partLabel, valueLabel } from '../text/filter-words.ts'
import { SafeText } from '../text/SafeText.tsx'
import { counted, formatCount, t } from '../text/translate.ts'
import { keyMeaning, movingLabel } from './query-words.ts'

export const suggestionId = (list: string, at: number): string => `${list}-${at}`

interface SuggestionsProps {
  id: string
  list: readonly Suggestion[]
  active: number | null
  onChoose(suggestion: Suggestion): void
}

export function Suggestions({ id, list, active, onChoose }: SuggestionsProps) {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    box.current?.querySelector('[aria-selected=true]')?.scrollIntoView?.({ block: 'nearest' })
  }, [active])
  return (
    <div
      ref={box}
      id={id}
      class="suggestions"
      role="listbox"
      aria-label={t('suggestions')}
      // The field must not lose the focus to a click here.
      onMouseDown={event => event.preventDefault()}
    >
      {list.map((suggestion, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
        <div
          key={`${suggestion.kind} ${suggestion.insert}`}
          id={suggestionId(id, at)}
          class={at === active ? 'suggestion active' : 'suggestion'}
          role="option"
          aria-selected={at === active}
          onClick={() => onChoose(suggestion)}
        >
          <Words suggestion={suggestion} />
        </div>
      ))}
    </div>
  )
}

function Words({ suggestion }: { suggestion: Suggestion }) {
  const { names } = usePanel()
  if (suggestion.kind === 'key') {
    return (
      <>
        <code class="suggestion-key">{suggestion.insert}</code>
        <span class="suggestion-note">{keyMeaning(suggestion.key)}</span>
      </>
    )
  }
  if (suggestion.kind === 'date') {
    return (
      <>
        <span class="suggestion-label">{movingLabel(suggestion.text)}</span>
        <code class="suggestion-key">{suggestion.text}</code>
      </>
    )
  }
  const { part, value, label, count } = suggestion
  const isFixed = part === 'outcome' || part === 'channel'
  return (
    <>
      <span class="suggestion-part">{partLabel(part)}</span>
      <span class="suggestion-label">
        <SafeText text={isFixed ? valueLabel(part, value, names) : label} max={120} />
      </span>
      <span class="suggestion-count">
        <span class="visually-hidden">{counted('events', count)}</span>
        <span aria-hidden="true">{formatCount(count)}</span>
      </span>
    </>
  )
}
