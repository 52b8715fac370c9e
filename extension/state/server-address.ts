/** What a person types for a server, as the origin to talk to. */

export type ServerAddress = { origin: string } | { problem: 'empty' | 'unreadable' | 'insecure' }

/** Plain HTTP would send passwords in the clear, so it is for this very machine only. */
export function parseServerAddress(text: string): ServerAddress {
  const typed = text.trim()
  if (!typed) return { problem: 'empty' }
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `${defaultScheme(typed)}//${typed}`)
  if (!url || !['http:', 'https:'].includes(url.protocol) || !/^[^%\s]+$/.test(url.hostname))
    return { problem: 'unreadable' }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return { problem: 'insecure' }
  return { origin: url.origin }
}

function defaultScheme(typed: string): 'http:' | 'https:' {
  const url = parseUrl(`https://${typed}`)
  return url && isLoopback(url.hostname) ? 'http:' : 'https:'
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

/** The two names that the manifest lets plain HTTP be asked for. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1'
}
