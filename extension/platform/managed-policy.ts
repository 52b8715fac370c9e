/** What the administrator of this browser decided. */
import { browser } from 'wxt/browser'

/** The policy's `logs`, unchecked; undefined without a policy. */
export async function managedLogs(): Promise<unknown> {
  try {
    return (await browser.storage.managed.get('logs')).logs
  } catch {
    // Firefox refuses to read where no policy is installed.
    return undefined
  }
}
