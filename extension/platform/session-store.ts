/** What is remembered: secrets for the browser session only and in memory, settings on disk. */
import { browser } from 'wxt/browser'

/** A place for one value. `read` answers null where nothing was written. */
export interface Slot<T> {
  read(): Promise<T | null>
  write(value: T): Promise<void>
  clear(): Promise<void>
  /** Calls back when any window changes the value. Returns how to stop. */
  watch(onChange: (value: T | null) => void): () => void
}

type Area = 'session' | 'local'

/** For the token and all that is secret: held in memory by the browser, never on disk, gone when it closes. */
export function sessionSlot<T>(name: string): Slot<T> {
  return slot('session', name)
}

/** For settings that are no secret: server address, zone, theme. What another version wrote must be expected. */
export function localSlot<T>(name: string): Slot<T> {
  return slot('local', name)
}

function slot<T>(area: Area, name: string): Slot<T> {
  return {
    async read() {
      const found = await browser.storage[area].get(name)
      return (found[name] as T | undefined) ?? null
    },
    write: value => browser.storage[area].set({ [name]: value }),
    clear: () => browser.storage[area].remove(name),
    watch(onChange) {
      const listener = (changes: Record<string, { newValue?: unknown }>, changed: string) => {
        const change = changes[name]
        if (changed === area && change) onChange((change.newValue as T | undefined) ?? null)
      }
      browser.storage.onChanged.addListener(listener)
      return () => browser.storage.onChanged.removeListener(listener)
    },
  }
}
