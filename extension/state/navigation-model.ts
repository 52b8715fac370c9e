/** Which view is in front. */
import { signal } from '@preact/signals'

export type ViewName = 'log' | 'administration' | 'settings' | 'trust'

export type NavigationModel = ReturnType<typeof createNavigationModel>

export function createNavigationModel() {
  const view = signal<ViewName>('log')
  const helpIsOpen = signal(false)
  /** The command palette with the text it opens with; null while it is closed. */
  const palette = signal<{ text: string } | null>(null)
  return {
    view,
    helpIsOpen,
    palette,
    go(to: ViewName): void {
      view.value = to
    },
  }
}
