/** Which view is in front. */
import { signal } from '@preact/signals'

export type ViewName = 'log' | 'administration' | 'settings' | 'trust'

export type NavigationModel = ReturnType<typeof createNavigationModel>

export function createNavigationModel() {
  const view = signal<ViewName>('log')
  const helpIsOpen = signal(false)
  return {
    view,
    helpIsOpen,
    go(to: ViewName): void {
      view.value = to
    },
  }
}
