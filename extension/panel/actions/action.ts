/** One thing the panel can do, as shortcuts, the palette, the menu and the help sheet all know it. */
import type { PanelState } from '../../state/panel-state.ts'
import type { IconName } from '../controls/Icon.tsx'
import type { MessageKey } from '../text/translate.ts'

export interface PanelAction {
  id: string
  label: MessageKey
  icon: IconName
  /** Keys as they are shown. Single letters work wherever no field is being typed in, unless they are switched off. */
  keys?: readonly string[]
  /** Whether it can be done now. */
  when(panel: PanelState): boolean
  /** Answers false where there was nothing to do. Absent where browser, list or another control hears the keys itself. */
  run?(panel: PanelState): unknown
  /** Moves within the list make no sense in the palette, where the list has not the focus. */
  keysOnly?: boolean
}

export const always = (): boolean => true
export const isSignedIn = ({ session }: PanelState): boolean => session.me.value !== null
export const isOpen = ({ session }: PanelState): boolean => session.state.value.name === 'open'
export const isInLog = (panel: PanelState): boolean => isOpen(panel) && panel.navigation.view.value === 'log'
