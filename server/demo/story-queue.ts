/** Stories under way, by the time at which each goes on: a binary heap. */
import type { Story } from './draft.ts'

interface Waiting {
  at: number
  story: Story
}

export class StoryQueue {
  private readonly heap: Waiting[] = []

  add(at: number, story: Story): void {
    const { heap } = this
    let place = heap.length
    heap.push({ at, story })
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (heap[parent]!.at <= heap[place]!.at) return
      this.swap(place, parent)
      place = parent
    }
  }

  /** The story that should go on first, if it should by then; it is no longer waiting. */
  takeDue(by: number): Waiting | null {
    const { heap } = this
    const first = heap[0]
    if (!first || first.at > by) return null
    const end = heap.pop()!
    if (heap.length > 0) {
      heap[0] = end
      this.sink()
    }
    return first
  }

  private sink(): void {
    const { heap } = this
    for (let place = 0; ; ) {
      const left = place * 2 + 1
      if (left >= heap.length) return
      const right = left + 1
      const child = right < heap.length && heap[right]!.at < heap[left]!.at ? right : left
      if (heap[place]!.at <= heap[child]!.at) return
      this.swap(place, child)
      place = child
    }
  }

  private swap(a: number, b: number): void {
    const { heap } = this
    const kept = heap[a]!
    heap[a] = heap[b]!
    heap[b] = kept
  }
}
