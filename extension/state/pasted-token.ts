/** A pasted id, e-mail, address or web address as the term of the query language that asks for it. */
import { quoted, writePhrase, writeValue } from '../../shared/query/read.ts'
import type { NamedPart, QueryBook } from '../../shared/query/vocabulary.ts'
import { type Recognised, recognise } from '../../shared/recognise.ts'

/** The term of the likeliest thing that the log knows; else the text to be searched for, or as it is where it is a query. */
export function tokenOfPasted(pasted: string, book: QueryBook, mayFilterIp: boolean): string {
  const oneLine = pasted.trim().replaceAll(/\s*[\r\n]+\s*/g, ' ')
  const candidates = recognise(pasted)
  if (candidates.length <= 1) return oneLine
  for (const candidate of candidates) {
    const token = tokenOf(candidate, book, mayFilterIp)
    if (token !== null) return token
  }
  // An id or a web address that nobody has is searched for where it may stand: in requests, sessions, metadata.
  const id = candidates.find(({ kind }) => kind === 'id')
  return id ? writePhrase(id.value) : quoted(oneLine)
}

/** Whether a pasted text is more than words: then it is worth a token. */
export function isRecognised(pasted: string): boolean {
  return recognise(pasted).length > 1
}

function tokenOf({ kind, value }: Recognised, book: QueryBook, mayFilterIp: boolean): string | null {
  if (kind === 'ip') return mayFilterIp ? `ip:${writeValue(value)}` : null
  if (kind === 'action') return `action:${writeValue(value)}`
  if (kind === 'email') return isKnown(book, 'actor', value) ? `user:${writeValue(value)}` : null
  if (kind === 'host') return isKnown(book, 'target', value) ? `target:${writeValue(value)}` : null
  if (kind !== 'id') return null
  if (isKnown(book, 'target', value)) return `target:${writeValue(value)}`
  return isKnown(book, 'actor', value) ? `user:${writeValue(value)}` : null
}

function isKnown(book: QueryBook, part: NamedPart, name: string): boolean {
  return book.resolve(part, name).state === 'known'
}
