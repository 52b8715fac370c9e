/** The side panel: models made from what the browser gives, and the components that show them. */
import { render } from 'preact'
import { App } from '../../panel/App.tsx'
import '../../panel/panel.css'
import { currentLanguage, speakFrom } from '../../panel/text/translate.ts'
import { message, uiLanguage } from '../../platform/i18n.ts'
import { managedLogs } from '../../platform/managed-policy.ts'
import { removeServerAccess, requestServerAccess } from '../../platform/permissions.ts'
import { saveFile } from '../../platform/save-file.ts'
import { localSlot, sessionSlot } from '../../platform/session-store.ts'
import { createPanelState } from '../../state/panel-state.ts'
import type { RememberedServer, RememberedSession } from '../../state/session-memory.ts'
import type { Settings } from '../../state/settings-model.ts'
import { createLogClient } from '../../worker/log-client.ts'

const worker = new Worker(new URL('../../worker/index-worker.ts', import.meta.url), { type: 'module' })
const settings = localSlot<Settings>('settings')

speakFrom(message, uiLanguage())
document.documentElement.lang = currentLanguage()

const panel = createPanelState({
  log: createLogClient(worker),
  memory: {
    server: localSlot<RememberedServer>('server'),
    session: sessionSlot<RememberedSession>('session'),
  },
  hosts: { request: requestServerAccess, remove: removeServerAccess },
  settings: { load: settings.read, save: settings.write },
  fetch: (...args) => fetch(...args),
  saveFile,
  managedLogs,
  window,
})

panel.start()
render(<App panel={panel} />, document.getElementById('app')!)
