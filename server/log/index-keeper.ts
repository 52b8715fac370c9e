/**
 * Keeps the event index on disk beside the log: text chapter by chapter, all else as a snapshot now and then, both in
 * the background. What an erasure takes from the log is out of here before the erasure is answered.
 */
import type { EventIndex } from '../../shared/event-index/event-index.ts'
import { openRestText, personalRestText } from '../../shared/search-text.ts'
import type { LogStore } from '../store/log-store.ts'
import type { IndexFile } from '../store/sqlite/index-file.ts'
import { DiskText } from './disk-text.ts'
import { readSnapshot, type SnapshotPlace, type WrittenSegments, writeSnapshot } from './index-snapshot.ts'
import { rootAt } from './start-up.ts'
import { storedEvent } from './stored-event.ts'
import { ChapterBuilder } from './text-chapter.ts'

export interface IndexKeeperOptions {
  org: string
  store: LogStore
  file: IndexFile
  /** The version of the log's erasures. */
  erasures: () => number
  /** Entries a chapter of text: fewer are for tests. */
  chapterEntries?: number
  /** Told why the index has to be read from the log, or could not be kept. */
  onTrouble: (message: string, error: unknown) => void
}

const batchSize = 512

export class IndexKeeper {
  readonly text: DiskText
  readonly #options: IndexKeeperOptions
  #written: WrittenSegments = new WeakMap()
  /** Entries in the last snapshot. */
  #keptSize = 0
  /** What is being written, one thing at a time. */
  #work: Promise<void> = Promise.resolve()
  #isBusy = false
  /** What there was to keep when it was last told. */
  #latest: { index: EventIndex; size: number; isReady: boolean } | null = null
  /** While an erasure is under way nothing is written. */
  #isHeld = false
  #closed = false

  constructor(options: IndexKeeperOptions) {
    this.#options = options
    this.text = new DiskText(options.file, options.chapterEntries)
  }

  /**
   * Takes up what was kept. Answers how many entries the index holds now; the text of those from
   * `text.written` on is still to be read.
   */
  async load(index: EventIndex): Promise<number> {
    const { file, onTrouble } = this.#options
    try {
      const snapshot = await readSnapshot(file, size => this.#placeAt(size))
      if (snapshot) {
        index.restore(snapshot.kept)
        this.text.restore(snapshot.chapters)
        this.#keptSize = snapshot.size
        return snapshot.size
      }
    } catch (error) {
      onTrouble('the kept event index is of no use: it is read from the log again', error)
    }
    this.#tryTo('forget the kept event index', () => file.clear())
    return 0
  }

  /** To be told of every growth: what is complete by now is written in the background. */
  grown(index: EventIndex, size: number, isReady: boolean): void {
    this.#latest = { index, size, isReady }
    this.#consider()
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    while (this.#isBusy) await this.#work
  }

  /** Before entries change: what is being written is given up, and nothing more is until `erased`. */
  async hold(): Promise<void> {
    this.#isHeld = true
    await this.idle()
  }

  /** After entries lost disclosures and the index has replaced them: forgets these on disk too. */
  async erased(indexes: readonly number[], index: EventIndex): Promise<void> {
    const { file } = this.#options
    const chapters = new Set(indexes.map(place => Math.floor(place / this.text.chapterEntries)))
    for (const chapter of chapters) if (chapter < this.text.chapters) await this.#rewriteChapter(chapter)
    file.change({ drop: file.names().filter(name => !name.startsWith('text/')) })
    this.#written = new WeakMap()
    this.#keptSize = 0
    this.#isHeld = false
    this.#start(index, heldTo(index), true)
    await this.idle()
    file.emptyJournal()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.idle()
    this.#options.file.close()
  }

  /** Begins to write where there is enough to write, also when that came while something else was written. */
  #consider(): void {
    if (this.#isBusy || this.#isHeld || this.#closed || !this.#latest) return
    const { index, size, isReady } = this.#latest
    const isChapter = size >= this.text.written + this.text.chapterEntries
    const isSnapshot = isReady && size - this.#keptSize >= Math.max(this.text.chapterEntries, size / 64)
    if (isChapter || isSnapshot) this.#start(index, size, isSnapshot)
  }

  #start(index: EventIndex, size: number, isSnapshot: boolean): void {
    this.#isBusy = true
    this.#work = this.#write(index, size, isSnapshot).finally(() => {
      this.#isBusy = false
      this.#consider()
    })
  }

  async #write(index: EventIndex, size: number, isSnapshot: boolean): Promise<void> {
    const isWanted = () => !this.#isHeld
    try {
      while (isWanted() && size >= this.text.written + this.text.chapterEntries) await this.text.seal()
      if (!isSnapshot || !isWanted()) return
      // In one breath: the index holds exactly these entries, as far as they were not removed.
      const [image, held] = [index.image(), heldTo(index)]
      const place = { ...(await this.#placeAt(held)), chapters: this.text.chapters }
      if (await writeSnapshot(this.#options.file, place, image, this.#written, isWanted))
        this.#keptSize = held
    } catch (error) {
      this.#keptSize = size
      // Tried again only when there is more.
      this.#latest = null
      this.#options.onTrouble('the event index could not be kept: the next start will take longer', error)
    }
  }

  async #placeAt(size: number): Promise<SnapshotPlace> {
    const { org, store, erasures } = this.#options
    return { org, size, root: await rootAt(store, org, size), erasures: erasures() }
  }

  async #rewriteChapter(chapter: number): Promise<void> {
    const { org, store } = this.#options
    const builder = new ChapterBuilder()
    const first = chapter * this.text.chapterEntries
    const end = first + this.text.chapterEntries
    for (let from = first; from < end; from += batchSize) {
      for (const entry of await store.entries(org, from, Math.min(from + batchSize, end))) {
        const event = storedEvent(entry, { personal: true })
        builder.add(event.index - first, openRestText(event), personalRestText(event))
      }
      await new Promise(resolve => setImmediate(resolve))
    }
    this.text.write(chapter, builder)
  }

  #tryTo(what: string, work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#options.onTrouble(`could not ${what}`, error)
    }
  }
}

/** The size of the log that the index holds: its newest entries are never removed. */
function heldTo(index: EventIndex): number {
  return index.coverage().at(-1)?.to ?? 0
}
