/** The background script only opens the panel; it holds nothing and may be stopped at any time. */
import { defineBackground } from 'wxt/utils/define-background'
import { onToolbarClick, openPanel } from '../platform/panel.ts'

export default defineBackground(() => {
  // Not `openPanelOnActionClick`: only a click that reaches the listener grants `activeTab`.
  onToolbarClick(openPanel)
})
