/** Access to a server's host, asked for when the user connects to it and given back when they leave it. */
import { browser } from 'wxt/browser'

/** Must be called in the user's gesture, with nothing awaited before. Answers whether access was granted. */
export function requestServerAccess(server: string): Promise<boolean> {
  return browser.permissions.request({ origins: [originPattern(server)] })
}

export function hasServerAccess(server: string): Promise<boolean> {
  return browser.permissions.contains({ origins: [originPattern(server)] })
}

export function removeServerAccess(server: string): Promise<boolean> {
  return browser.permissions.remove({ origins: [originPattern(server)] })
}

/** The match pattern for one host. Patterns know no ports, so access is to the host on all of them. */
export function originPattern(server: string): string {
  const { protocol, hostname } = new URL(server)
  return `${protocol}//${hostname}/*`
}
