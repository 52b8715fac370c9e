/** A button of the filter row: its field, how many values are chosen, and its popover. */
import type { ComponentChildren } from 'preact'
import { Icon } from '../controls/Icon.tsx'
import { PopoverButton } from '../controls/Popover.tsx'
import { t } from '../text/translate.ts'

interface FilterButtonProps {
  name: string
  /** How many values are chosen. */
  chosen: number
  onOpen?: () => void
  onClose?: () => void
  children: (close: () => void) => ComponentChildren
}

export function FilterButton({ name, chosen, onOpen, onClose, children }: FilterButtonProps) {
  return (
    <PopoverButton
      label={chosen > 0 ? t('filterChosen', name, chosen) : name}
      title={t('filterByPart', name)}
      class={chosen > 0 ? 'filter-button active' : 'filter-button'}
      button={
        <>
          {name} <Icon name="down" />
          {chosen > 0 && <span class="filter-count">{chosen}</span>}
        </>
      }
      {...(onOpen && { onOpen })}
      {...(onClose && { onClose })}
    >
      {children}
    </PopoverButton>
  )
}
