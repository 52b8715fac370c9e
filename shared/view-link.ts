/**
 * A link to a view: an address of the server that people can send each other. All it says stands in the fragment, which
 * no browser sends; the page there only explains how to open it. The panel knows such a link when it is pasted.
 */

export const viewLinkPath = '/open'
const longestLink = 16_000

export interface ViewLink {
  /** The server whose log it is about, as in `https://audit.example.com`. */
  origin: string
  /** The filter (see `formatFilter`), `range` for dates that move with the days, `event` for the one that is open. */
  parameters: URLSearchParams
}

export function formatViewLink({ origin, parameters }: ViewLink): string {
  return `${origin}${viewLinkPath}#${parameters}`
}

/** Null where the text is no such link. */
export function parseViewLink(text: string): ViewLink | null {
  const trimmed = text.trim()
  if (trimmed.length > longestLink || !URL.canParse(trimmed)) return null
  const { protocol, origin, pathname, search, hash } = new URL(trimmed)
  if ((protocol !== 'https:' && protocol !== 'http:') || pathname !== viewLinkPath || search !== '')
    return null
  return { origin, parameters: new URLSearchParams(hash.slice(1)) }
}
