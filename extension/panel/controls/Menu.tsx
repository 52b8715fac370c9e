/** A menu button: arrow keys move, Enter chooses. */
import { Icon, type IconName } from './Icon.tsx'
import { PopoverButton } from './Popover.tsx'

export interface MenuItem {
  icon: IconName
  label: string
  shortcut?: string
  /** Drawn after a line. */
  apart?: boolean
  run(): void
}

interface MenuButtonProps {
  label: string
  icon?: IconName
  items: MenuItem[]
}

export function MenuButton({ label, icon = 'more', items }: MenuButtonProps) {
  return (
    <PopoverButton label={label} popup="menu" button={<Icon name={icon} />}>
      {close => <MenuItems items={items} close={close} />}
    </PopoverButton>
  )
}

export function MenuItems({ items, close }: { items: MenuItem[]; close: () => void }) {
  return (
    <div role="none" onKeyDown={moveFocus}>
      {items.map(item => (
        <>
          {item.apart && <div class="menu-line" role="separator" />}
          <button
            type="button"
            role="menuitem"
            class="menu-item"
            onClick={() => {
              close()
              item.run()
            }}
          >
            <Icon name={item.icon} />
            {item.label}
            {item.shortcut && <kbd aria-hidden="true">{item.shortcut}</kbd>}
          </button>
        </>
      ))}
    </div>
  )
}

function moveFocus(event: KeyboardEvent): void {
  const items = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role=menuitem]')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
  if (to === undefined) return
  event.preventDefault()
  items[(to + items.length) % items.length]?.focus()
}
