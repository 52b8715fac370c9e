/** Opening the panel: Chrome's side panel, Firefox's sidebar. */
import { browser } from 'wxt/browser'

/** Opens the panel of the tab's window. Must be called in the user's gesture, with nothing awaited before. */
export function openPanel(tab: { windowId?: number | undefined }): void {
  const sidebar = firefoxSidebar()
  if (sidebar) void sidebar.toggle()
  else if (tab.windowId !== undefined) void browser.sidePanel.open({ windowId: tab.windowId })
}

/** Calls `onClick` at a click on the toolbar button. To be called at the top level of the background script. */
export function onToolbarClick(onClick: (tab: { windowId?: number | undefined }) => void): void {
  const action =
    browser.action ?? (browser as unknown as { browserAction: typeof browser.action }).browserAction
  action.onClicked.addListener(onClick)
}

/** Present in Firefox only; the shared types do not know it. */
function firefoxSidebar(): { toggle(): Promise<void> } | undefined {
  return (browser as unknown as { sidebarAction?: { toggle(): Promise<void> } }).sidebarAction
}
