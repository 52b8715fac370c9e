/**
 * Characters that could deceive a reader: controls, bidirectional controls, invisible ones, half surrogates.
 * Event fields are hostile text, so these are shown for what they are.
 */

export interface TextPart {
  text: string
  /** The name to show instead of the character, such as `RLO` or `U+0007`; absent for ordinary text. */
  odd?: string
}

const names: Record<number, string> = {
  0: 'NUL',
  7: 'BEL',
  8: 'BS',
  13: 'CR',
  27: 'ESC',
  127: 'DEL',
  173: 'SHY',
  1564: 'ALM',
  8203: 'ZWSP',
  8206: 'LRM',
  8207: 'RLM',
  8232: 'LSEP',
  8233: 'PSEP',
  8234: 'LRE',
  8235: 'RLE',
  8236: 'PDF',
  8237: 'LRO',
  8238: 'RLO',
  8288: 'WJ',
  8294: 'LRI',
  8295: 'RLI',
  8296: 'FSI',
  8297: 'PDI',
  65279: 'BOM',
}

// Line feed and tab stay: they are ordinary in values, and white space cannot reorder or hide anything.
const odd =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]|[\uD800-\uDFFF]/gu

export function hasOddCharacters(text: string): boolean {
  return text.search(odd) >= 0
}

export function splitOddCharacters(text: string): TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  for (const match of text.matchAll(odd)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index) })
    parts.push({ text: match[0], odd: nameOf(match[0]) })
    end = match.index + match[0].length
  }
  if (end < text.length || parts.length === 0) parts.push({ text: text.slice(end) })
  return parts
}

/** The same in one string, for very long text, attributes and announcements: `[RLO]`. */
export function spellOddCharacters(text: string): string {
  return text.replaceAll(odd, character => `[${nameOf(character)}]`)
}

function nameOf(character: string): string {
  const point = character.codePointAt(0)!
  return names[point] ?? `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
}
