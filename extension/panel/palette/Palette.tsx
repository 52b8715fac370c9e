/** The command palette: everything the panel can do, found by a few letters; a pasted link or a query works too. */
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { spellOddCharacters } from '../text/odd-characters.ts'
import { t } from '../text/translate.ts'
import { entriesFor, type PaletteEntry } from './entries.ts'

export function Palette({ initial }: { initial: string }) {
  const panel = usePanel()
  const [text, setText] = useState(initial)
  const [active, setActive] = useState(0)
  const dialog = useRef<HTMLDialogElement>(null)
  const listId = useId()
  const entries = entriesFor(text, panel)
  const at = Math.min(active, entries.length - 1)
  const before = useRef<Element | null>(null)

  useLayoutEffect(() => {
    before.current = document.activeElement
    dialog.current?.showModal()
    return () => dialog.current?.close()
  }, [])
  useLayoutEffect(() => {
    dialog.current?.querySelector('[aria-selected=true]')?.scrollIntoView?.({ block: 'nearest' })
  }, [at, text])

  const close = () => {
    panel.navigation.palette.value = null
  }
  const leave = () => {
    close()
    if (before.current instanceof HTMLElement) before.current.focus()
  }
  const choose = (entry: PaletteEntry | undefined) => {
    if (!entry) return
    // Closed first: what is chosen may want the focus, or another dialog.
    leave()
    entry.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    const count = Math.max(1, entries.length)
    const isToggle = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k'
    if (event.key === 'ArrowDown') setActive((at + 1) % count)
    else if (event.key === 'ArrowUp') setActive((at - 1 + count) % count)
    else if (event.key === 'Enter' && !event.isComposing) choose(entries[at])
    else if (isToggle) leave()
    else return
    event.preventDefault()
  }
  return (
    <dialog
      ref={dialog}
      class="dialog palette"
      aria-label={t('commands')}
      onCancel={event => {
        event.preventDefault()
        leave()
      }}
      onKeyDown={onKeyDown}
      // A click on the ground around it.
      onPointerDown={event => event.target === dialog.current && leave()}
    >
      <div class="palette-field">
        <Icon name="search" />
        <input
          type="text"
          class="palette-input"
          role="combobox"
          aria-label={t('findCommand')}
          aria-expanded={entries.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={entries.length > 0 ? `${listId}-${at}` : undefined}
          placeholder={t('palettePlaceholder')}
          autocomplete="off"
          spellcheck={false}
          value={text}
          onInput={event => {
            setText(event.currentTarget.value)
            setActive(0)
          }}
        />
        <kbd aria-hidden="true">Esc</kbd>
      </div>
      <div id={listId} class="palette-list" role="listbox" aria-label={t('commands')}>
        {entries.map((entry, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
          <div
            key={entry.id}
            id={`${listId}-${place}`}
            class={place === at ? 'suggestion active' : 'suggestion'}
            role="option"
            aria-selected={place === at}
            onMouseDown={event => event.preventDefault()}
            onClick={() => choose(entry)}
          >
            <Icon name={entry.icon} />
            <span class="suggestion-label">{spellOddCharacters(entry.label.slice(0, 200))}</span>
            {entry.keys?.map(key => (
              <kbd key={key} aria-hidden="true">
                {key}
              </kbd>
            ))}
          </div>
        ))}
        {entries.length === 0 && <p class="hint palette-none">{t('noCommand')}</p>}
      </div>
    </dialog>
  )
}
