/**
 * Cuts JSON documents of any size into their elements while they arrive: the items of a top-level array, of the
 * lists a document wraps (`{"Records": […]}`), or whole values that stand one after the other.
 */
import { BytePieces } from './byte-pieces.ts'
import { maxRecordBytes } from './format-row.ts'

const [lineFeed, quote, backslash] = [0x0a, 0x22, 0x5c]
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]
const [comma, space, tab, carriageReturn] = [0x2c, 0x20, 0x09, 0x0d]
const longestKey = 64

/** `cut` marks an element that does not end where it should, or is too long; its bytes are not kept. */
export interface Element {
  line: number
  place: string
  bytes: Buffer
  cut: 'too-long' | 'unfinished' | null
}

/** How a byte ends an element: with itself, just before itself, or where it never should. */
type Ending = 'after' | 'before' | 'broken' | null

export class ElementSplitter {
  /** Whether a list was opened, in an array or a wrapper: what a document has, and a single record never. */
  hasFoundList = false
  private line = 1
  /** Bytes of white space since the line began; null once something else stood on it. */
  private blanks: number | null = 0
  private openers: number[] = []
  /** How many openers surround an element: none for bare values, one in an array, two in a wrapped list. */
  private level = 0
  private listKey = ''
  private count = 0
  private recording = false
  private tooLong = false
  private startLine = 1
  private indent: number | null = 0
  private readonly pieces = new BytePieces()
  private inString = false
  private escaped = false
  private tracksKey = false
  private key = ''

  constructor(private readonly wrapperKeys: ReadonlySet<string>) {}

  push(chunk: Buffer): Element[] {
    const found: Element[] = []
    this.scan(chunk, found)
    return found
  }

  /** To be called at the end of the input: what was left open comes as a cut element. */
  end(): Element[] {
    const found: Element[] = []
    const wasRecording = this.recording
    while (this.recording) {
      if (this.level === 0 && this.openers.length === 0 && !this.inString) this.finish(found, null)
      else this.cutAndResume('unfinished', found)
    }
    if (!wasRecording && this.openers.length > 0) {
      found.push({ line: this.line, place: '', bytes: Buffer.alloc(0), cut: 'unfinished' })
    }
    return found
  }

  private scan(chunk: Buffer, found: Element[]): void {
    let start = 0
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!
      if (this.inString) this.stepInString(byte)
      else if (byte === space || byte === tab || byte === carriageReturn) {
        if (this.blanks !== null) this.blanks++
      } else if (byte === lineFeed) {
        if (this.recording && this.level === 0 && this.openers.length === 0) {
          this.keep(chunk.subarray(start, i))
          this.finish(found, null)
        }
        this.breakLine()
      } else {
        start = this.takeByte(byte, chunk, start, i, found)
        this.blanks = null
      }
    }
    if (!this.recording) return
    this.keep(chunk.subarray(start))
    if (this.pieces.size > maxRecordBytes) this.cutAndResume('too-long', found)
  }

  /** Takes a byte that is neither space nor in a string; answers where in the chunk the open element begins. */
  private takeByte(byte: number, chunk: Buffer, from: number, i: number, found: Element[]): number {
    let start = from
    for (;;) {
      if (!this.recording && this.beginsElement(byte)) {
        this.recording = true
        this.startLine = this.line
        this.indent = this.blanks
        start = i
      }
      const wasRecording = this.recording
      const ending = this.step(byte)
      if (!wasRecording || !this.recording || ending === null) return start
      this.keep(chunk.subarray(start, ending === 'after' ? i + 1 : i))
      start = i
      if (ending === 'broken') this.cutAndResume('unfinished', found)
      else this.finish(found, null)
      if (ending === 'after') return start
    }
  }

  private keep(bytes: Buffer): void {
    if (!this.tooLong) this.pieces.add(bytes)
  }

  private stepInString(byte: number): void {
    if (this.escaped) this.escaped = false
    else if (byte === backslash) this.escaped = true
    else if (byte === quote) {
      this.inString = false
      return
    }
    if (byte === lineFeed) {
      // A string cannot span lines: one that seems to lacks its end, and the damage stops here.
      this.inString = false
      this.breakLine()
    } else if (this.tracksKey && this.key.length < longestKey) this.key += String.fromCharCode(byte)
  }

  private breakLine(): void {
    this.line++
    this.blanks = 0
  }

  private beginsElement(byte: number): boolean {
    if (this.openers.length !== this.level || byte === comma) return false
    return byte !== closeBracket && byte !== closeBrace && !(this.level === 0 && byte === openBracket)
  }

  private step(byte: number): Ending {
    if (byte === quote) {
      this.inString = true
      this.escaped = false
      this.tracksKey = this.level === 0 && this.openers.length === 1 && this.openers[0] === openBrace
      this.key = ''
    } else if (byte === openBrace) this.openers.push(byte)
    else if (byte === openBracket) this.openList()
    else if (byte === closeBrace || byte === closeBracket) return this.close(byte)
    else if (byte === comma && this.level > 0 && this.openers.length === this.level) return 'before'
    return null
  }

  private openList(): void {
    this.openers.push(openBracket)
    if (this.level > 0 || this.openers.length > 2) return
    if (this.openers.length === 2) {
      if (this.openers[0] !== openBrace || !this.wrapperKeys.has(this.key)) return
      // The object so far was no record but the wrapping of many.
      this.recording = false
      this.tooLong = false
      this.pieces.take()
    }
    this.level = this.openers.length
    this.listKey = this.level === 2 ? this.key : ''
    this.count = 0
    this.hasFoundList = true
  }

  private close(byte: number): Ending {
    const at = this.openers.lastIndexOf(byte === closeBrace ? openBrace : openBracket)
    if (this.recording && at < this.level) return this.openers.length === this.level ? 'before' : 'broken'
    if (at === -1) return null
    this.openers.length = at
    if (this.recording) return at === this.level ? 'after' : null
    if (at < this.level) this.level = 0
    return null
  }

  private finish(found: Element[], cut: Element['cut']): void {
    const place = this.level === 0 ? '' : `${this.listKey}[${this.count}]`
    const bytes = this.pieces.take()
    const isTooLong = this.tooLong || bytes.length > maxRecordBytes
    found.push({ line: this.startLine, place, bytes, cut: isTooLong ? 'too-long' : cut })
    this.count++
    this.recording = false
    this.tooLong = false
  }

  /**
   * Gives up an element that does not end and takes up again what it swallowed, from the next line that begins as
   * elements of this list begin. One that is truly long is passed over to its end.
   */
  private cutAndResume(cut: 'too-long' | 'unfinished', found: Element[]): void {
    const bytes = this.pieces.take()
    const next = bytes.indexOf(`\n${' '.repeat(Math.min(this.indent ?? 0, 1000))}{`)
    if (cut === 'too-long' && next === -1) {
      this.tooLong = true
      return
    }
    const startLine = this.startLine
    this.finish(found, cut)
    this.openers.length = this.level
    this.inString = false
    if (next === -1) return
    this.line = startLine + countLineFeeds(bytes, next)
    this.scan(bytes.subarray(next), found)
  }
}

function countLineFeeds(bytes: Buffer, end: number): number {
  let count = 0
  for (let at = bytes.indexOf(lineFeed); at !== -1 && at < end; at = bytes.indexOf(lineFeed, at + 1)) count++
  return count
}
