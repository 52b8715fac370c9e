/** The panel in an ordinary page, over made-up events: `?scene=…&theme=dark&now=…`. For looking at; never shipped. */
import { effect } from '@preact/signals'
import { render } from 'preact'
import { App } from '../../../extension/panel/App.tsx'
import '../../../extension/panel/panel.css'
import { speakFrom } from '../../../extension/panel/text/translate.ts'
import { createPanelState } from '../../../extension/state/panel-state.ts'
import { defaultSettings } from '../../../extension/state/settings-model.ts'
import { englishMessages, fakeFetch, memorySlot } from '../panel/fake-platform.ts'
import { quorumPolicy, type SceneName, scenes } from './scenes.ts'

const query = new URLSearchParams(location.search)
const now = () => Date.parse('2026-11-24T13:42:10.000Z')
const scene = scenes[(query.get('scene') ?? 'log') as SceneName](now())

speakFrom(englishMessages, 'en-GB')
const panel = createPanelState({
  log: scene.log,
  memory: {
    server: memorySlot(scene.remembered?.server ?? null),
    session: memorySlot(scene.remembered?.session ?? null),
  },
  hosts: { request: async () => true, remove: async () => true },
  settings: memorySettings(),
  fetch: fakeFetch(scene.routes),
  saveFile: () => {},
  window,
  now,
})
Object.assign(window, { panel, log: scene.log })
if (scene.log.status.trust?.quorum) {
  // As the policy of this browser's administrator would.
  effect(() => {
    if (panel.sync.opened.value) panel.sync.quorumAsked.value = quorumPolicy
  })
}
panel.start()
render(<App panel={panel} />, document.getElementById('app')!)

function memorySettings() {
  const theme = query.get('theme') === 'dark' ? 'dark' : 'light'
  const density = query.get('density') === 'compact' ? 'compact' : 'comfortable'
  const settings = { ...defaultSettings, theme, density, zone: 'Europe/Berlin' }
  return { load: async () => settings, save: async () => {} }
}
