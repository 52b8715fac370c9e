/**
 * The query bar: a combobox by the ARIA pattern. Typing filters at once; suggestions come from the log; Enter makes
 * chips of the text; mistakes are underlined, with what was meant below.
 */
import { useSignal } from '@preact/signals'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import type { Mistake } from '../../../shared/query/parse.ts'
import { parseViewLink } from '../../../shared/view-link.ts'
import type { PanelState } from '../../state/panel-state.ts'
import { isRecognised } from '../../state/pasted-token.ts'
import type { Suggestion } from '../../state/query-suggestions.ts'
import { Icon } from '../controls/Icon.tsx'
import { openLink } from '../palette/open-link.ts'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'
import { QueryHelp } from './QueryHelp.tsx'
import { QueryMistake } from './QueryMistake.tsx'
import { focusQueryBar, queryBoxId } from './query-box.ts'
import { Suggestions, suggestionId } from './Suggestions.tsx'
import { Underlay } from './Underlay.tsx'
import { useQueryKeys } from './use-query-keys.ts'

const longestQuery = 4_000

export function QueryBar() {
  const panel = usePanel()
  const { query } = panel
  const text = query.text.value
  const { mistakes, terms } = query.parsed.value
  const isOpen = useSignal(false)
  const active = useSignal<number | null>(null)
  const listId = useId()
  const mistakeId = useId()
  const box = useRef<HTMLInputElement>(null)
  const underlay = useRef<HTMLDivElement>(null)
  const suggestions = query.suggestions.value
  const isShown = isOpen.value && query.caret.value !== null && suggestions.length > 0
  const [mistake] = mistakes
  useCaretOfModel(box)

  const followScroll = () => {
    if (underlay.current && box.current) underlay.current.scrollLeft = box.current.scrollLeft
  }
  const accept = (suggestion: Suggestion) => {
    query.accept(suggestion)
    active.value = null
    isOpen.value = !suggestion.whole
    focusQueryBar()
  }
  const take = (wrong: Mistake) => {
    query.takeMeant(wrong)
    focusQueryBar()
  }
  const onKeyDown = useQueryKeys({ isOpen, active, isShown, accept })
  const onInput = (input: HTMLInputElement) => {
    query.input(input.value, input.selectionStart ?? input.value.length)
    isOpen.value = true
    active.value = null
    followScroll()
  }
  const onCaret = (input: HTMLInputElement) => {
    query.caret.value = input.selectionStart
    followScroll()
  }
  return (
    <div class="query-bar">
      <div class="query-box">
        <Icon name="search" />
        <Underlay text={text} terms={terms} mistakes={mistakes} box={underlay} />
        <input
          ref={box}
          id={queryBoxId}
          type="text"
          class="text-input"
          role="combobox"
          aria-label={t('search')}
          aria-autocomplete="list"
          aria-expanded={isShown}
          aria-controls={listId}
          aria-activedescendant={
            isShown && active.value !== null ? suggestionId(listId, active.value) : undefined
          }
          aria-invalid={mistake !== undefined}
          aria-describedby={mistake ? mistakeId : undefined}
          placeholder={t('searchPlaceholder')}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxLength={longestQuery}
          value={text}
          onInput={event => onInput(event.currentTarget)}
          onKeyDown={onKeyDown}
          onKeyUp={event => onCaret(event.currentTarget)}
          onClick={event => {
            onCaret(event.currentTarget)
            isOpen.value = true
          }}
          onFocus={event => {
            onCaret(event.currentTarget)
            isOpen.value = true
          }}
          onBlur={() => {
            query.caret.value = null
            isOpen.value = false
            active.value = null
          }}
          onScroll={followScroll}
          onPaste={event => pasteAsToken(event, panel)}
        />
        <div class="query-tools">
          {text ? (
            <button
              type="button"
              class="quiet-button"
              aria-label={query.isEditing.value ? t('stopEditing') : t('clearSearch')}
              onClick={() => {
                query.dismiss()
                focusQueryBar()
              }}
            >
              <Icon name="close" />
            </button>
          ) : (
            <kbd aria-hidden="true">/</kbd>
          )}
          <QueryHelp />
        </div>
      </div>
      {mistake && <QueryMistake id={mistakeId} mistake={mistake} onTake={take} />}
      {isShown && <Suggestions id={listId} list={suggestions} active={active.value} onChoose={accept} />}
    </div>
  )
}

/** After a suggestion was taken the caret goes where the model has it. */
function useCaretOfModel(box: { current: HTMLInputElement | null }): void {
  const { query } = usePanel()
  const at = query.caret.value
  useLayoutEffect(() => {
    const input = box.current
    if (at === null || !input || input.selectionStart === at || input.selectionStart !== input.selectionEnd)
      return
    input.setSelectionRange(at, at)
  }, [at, query.text.value])
}

/** A link is opened, what is recognised becomes a token, and plain words are pasted as ever. */
function pasteAsToken(event: ClipboardEvent, panel: PanelState): void {
  const input = event.currentTarget as HTMLInputElement
  const pasted = event.clipboardData?.getData('text/plain') ?? ''
  const isLink = parseViewLink(pasted) !== null
  if (!isLink && !isRecognised(pasted)) return
  event.preventDefault()
  if (isLink) openLink(pasted, panel)
  else void panel.query.paste(pasted, input.selectionStart ?? 0, input.selectionEnd ?? 0)
}
