/** A list as the server last gave it: loading, failed, or here, with the button that adds to it. */
import type { ComponentChildren } from 'preact'
import type { Loaded } from '../../state/asking.ts'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'

interface AdminListProps<T> {
  list: Loaded<T>
  label: string
  addLabel: string
  onAdd(): void
  children: (item: T) => ComponentChildren
  /** Shown where the list is empty. */
  none: string
  /** Asks again after a failure; all lists of the view where absent. */
  onRetry?(): void
}

export function AdminList<T>({ list, label, addLabel, onAdd, children, none, onRetry }: AdminListProps<T>) {
  const { admin } = usePanel()
  return (
    <>
      <div class="admin-bar">
        <button type="button" class="button" onClick={onAdd}>
          <Icon name="plus" />
          {addLabel}
        </button>
      </div>
      {list.failure && <FailureNote failure={list.failure} onRetry={onRetry ?? (() => void admin.load())} />}
      {list.items === null && !list.failure && (
        <div class="middle-spinner" role="status" aria-label={t('loading')}>
          <span class="spinner" />
        </div>
      )}
      {list.items?.length === 0 && <p class="hint admin-none">{none}</p>}
      {list.items && list.items.length > 0 && (
        <ul class="admin-list" aria-label={label}>
          {list.items.map(children)}
        </ul>
      )}
    </>
  )
}
