/** The whole panel over the fake log, as a test's user meets it. */
import { cleanup, render, screen, waitFor } from '@testing-library/preact'
import { App } from '../../../extension/panel/App.tsx'
import { speakFrom } from '../../../extension/panel/text/translate.ts'
import { createPanelState, type PanelState } from '../../../extension/state/panel-state.ts'
import { defaultSettings, type Settings } from '../../../extension/state/settings-model.ts'
import { allPermissions } from '../../../shared/access.ts'
import type { Me } from '../../../shared/api.ts'
import { FakeLog } from './fake-log.ts'
import {
  englishMessages,
  fakeFetch,
  memoryFragment,
  memorySlot,
  personWith,
  type Routes,
  serverRoutes,
  signedIn,
} from './fake-platform.ts'
import { generateEvents } from './generated-events.ts'

export const now = Date.parse('2026-11-24T13:42:10.000Z')

export interface PanelOptions {
  log?: FakeLog
  me?: Me
  routes?: Routes
  /** False begins with nothing remembered; `server` with the server alone. */
  remembered?: boolean | 'server'
  address?: string
  settings?: Partial<Settings>
}

export function demoLog(count = 500): FakeLog {
  return new FakeLog(generateEvents({ count, until: now, days: 20 }))
}

export function createTestPanel(options: PanelOptions = {}) {
  const log = options.log ?? demoLog()
  const me = options.me ?? personWith(allPermissions)
  const { server, session } = signedIn(me)
  const remembered = options.remembered ?? true
  const memory = {
    server: memorySlot(remembered ? server : null),
    session: memorySlot(remembered === true ? session : null),
  }
  const routes = options.routes ?? serverRoutes(me)
  const address = memoryFragment(options.address ?? '')
  const saved: { name: string; blob: Blob }[] = []
  const asked: string[] = []
  const hosts = { granted: true }
  const settings = { ...defaultSettings, zone: 'UTC', hours: '24', ...options.settings }
  speakFrom(englishMessages, 'en-GB')
  const panel = createPanelState({
    log,
    memory,
    hosts: {
      request: async origin => {
        asked.push(origin)
        return hosts.granted
      },
      remove: async () => true,
    },
    settings: { load: async () => settings, save: async () => {} },
    fetch: fakeFetch(routes),
    saveFile: (name, blob) => saved.push({ name, blob }),
    window,
    now: () => now,
    address,
  })
  return { panel, log, me, memory, routes, address, saved, asked, hosts }
}

export type TestPanel = ReturnType<typeof createTestPanel>

const ends: (() => void)[] = []

/** Renders and starts; `endPanels` after each test. */
export function renderPanel(options: PanelOptions = {}): TestPanel {
  const made = createTestPanel(options)
  ends.push(made.panel.start())
  render(<App panel={made.panel} />)
  return made
}

/** Renders and waits for the first rows. */
export async function renderLog(options: PanelOptions = {}): Promise<TestPanel> {
  const made = renderPanel(options)
  await screen.findByRole('grid')
  await settled(made.panel)
  return made
}

export async function settled({ list }: PanelState): Promise<void> {
  await waitFor(() => {
    if (list.loading.value || !list.listing.value) throw new Error('still loading')
  })
}

export function endPanels(): void {
  cleanup()
  for (const end of ends.splice(0)) end()
}
