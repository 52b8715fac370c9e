/** Free text. Typing filters at once; Enter keeps the phrase as a chip, so that a second one can be added. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'

const typingPauseMs = 120

export function SearchBox() {
  const { filter } = usePanel()
  const [text, setText] = useState(filter.phrase.value)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const applied = filter.phrase.value

  const ours = useRef(applied)

  // Only what was cleared or restored elsewhere: our own phrase comes back late and must not undo fresh typing.
  useEffect(() => {
    if (applied === ours.current) return
    ours.current = applied
    setText(applied)
  }, [applied])

  const apply = (value: string) => {
    clearTimeout(timer.current)
    ours.current = value
    filter.type(value)
  }
  const onInput = (value: string) => {
    setText(value)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => apply(value), typingPauseMs)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      apply(text)
      filter.keepPhrase()
      ours.current = ''
      setText('')
    } else if (event.key === 'Escape' && text) {
      event.stopPropagation()
      setText('')
      apply('')
    } else if (event.key === 'Backspace' && !text) editLastPhrase()
    else if (event.key === 'ArrowDown') document.getElementById('event-grid')?.focus()
    else return
    event.preventDefault()
  }
  const editLastPhrase = () => {
    const last = filter.filter.peek().text?.include.at(-1)
    if (last === undefined) return
    filter.remove('text', last)
    setText(last)
    apply(last)
  }
  return (
    <div class="search-box">
      <Icon name="search" />
      <input
        id="search"
        type="text"
        class="text-input"
        role="searchbox"
        aria-label={t('search')}
        placeholder={t('searchPlaceholder')}
        autocomplete="off"
        spellcheck={false}
        maxLength={500}
        value={text}
        onInput={event => onInput(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {text ? (
        <button
          type="button"
          class="quiet-button"
          aria-label={t('clearSearch')}
          onClick={() => {
            setText('')
            apply('')
            document.getElementById('search')?.focus()
          }}
        >
          <Icon name="close" />
        </button>
      ) : (
        <kbd aria-hidden="true">/</kbd>
      )}
    </div>
  )
}
