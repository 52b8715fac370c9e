/** What the user chose about looks and times. Kept on this device; nothing in it is secret. */
import { computed, effect, signal } from '@preact/signals'
import type { StackField } from '../worker/protocol.ts'

export interface Settings {
  theme: 'system' | 'light' | 'dark'
  density: 'comfortable' | 'compact'
  /** `local` follows the device; else `UTC` or an IANA name. */
  zone: string
  times: 'absolute' | 'relative'
  hours: 'system' | '24' | '12'
  /** Single-letter shortcuts (WCAG 2.1.4: they can be switched off). */
  shortcuts: boolean
  /** An export of one file too comes as a zip with what proves it. */
  exportProof: boolean
  /** What the histogram's bars are divided by. */
  stack: StackField
}

export const defaultSettings: Settings = {
  theme: 'system',
  density: 'comfortable',
  zone: 'local',
  times: 'absolute',
  hours: 'system',
  shortcuts: true,
  exportProof: false,
  stack: 'outcome',
}

export interface SettingsStore {
  load(): Promise<unknown>
  save(settings: Settings): Promise<void>
}

export type SettingsModel = ReturnType<typeof createSettingsModel>

export function createSettingsModel(store: SettingsStore) {
  const settings = signal(defaultSettings)
  const zone = computed(() => (settings.value.zone === 'local' ? localZone() : settings.value.zone))

  function change(part: Partial<Settings>): void {
    settings.value = { ...settings.value, ...part }
    void store.save(settings.value).catch(() => {})
  }

  return {
    settings,
    /** The zone that times are shown in and days are cut by. */
    zone,
    change,
    async load(): Promise<void> {
      settings.value = parseSettings(await store.load().catch(() => null))
    },
    /** Puts theme and density on the document; returns the clean-up. */
    applyTo(root: HTMLElement): () => void {
      return effect(() => {
        root.dataset.theme = settings.value.theme
        root.dataset.density = settings.value.density
      })
    },
  }
}

/** What an older or newer version left is taken as far as it makes sense. */
export function parseSettings(stored: unknown): Settings {
  if (typeof stored !== 'object' || stored === null) return defaultSettings
  const given = stored as Record<string, unknown>
  const choice = <Key extends keyof Settings>(key: Key, options: readonly Settings[Key][]) =>
    options.find(option => option === given[key]) ?? defaultSettings[key]
  return {
    theme: choice('theme', ['system', 'light', 'dark']),
    density: choice('density', ['comfortable', 'compact']),
    times: choice('times', ['absolute', 'relative']),
    hours: choice('hours', ['system', '24', '12']),
    shortcuts: choice('shortcuts', [true, false]),
    exportProof: choice('exportProof', [true, false]),
    stack: choice('stack', ['outcome', 'area']),
    zone: isZone(given.zone) ? given.zone : defaultSettings.zone,
  }
}

export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
}

function isZone(zone: unknown): zone is string {
  if (typeof zone !== 'string') return false
  if (zone === 'local') return true
  try {
    Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
