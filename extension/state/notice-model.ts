/** Short notices with at most one action (undo above all), and what a screen reader is told politely. */
import { signal } from '@preact/signals'

export interface Notice {
  id: number
  text: string
  tone: 'plain' | 'problem'
  action?: { label: string; run(): void }
}

const noticeMs = 6_000
const quietMs = 500

export type NoticeModel = ReturnType<typeof createNoticeModel>

export function createNoticeModel() {
  const notices = signal<Notice[]>([])
  const announcement = signal('')
  let ids = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function dismiss(id: number): void {
    notices.value = notices.peek().filter(notice => notice.id !== id)
  }

  return {
    notices,
    announcement,
    dismiss,
    /** For another person at the panel: what was offered to the one before is none of theirs. */
    clear(): void {
      notices.value = []
    },
    /** A notice that offers something waits for the user; the others go by themselves. */
    show(text: string, options: { tone?: Notice['tone']; action?: Notice['action'] } = {}): void {
      const notice: Notice = { id: ++ids, text, tone: options.tone ?? 'plain' }
      if (options.action) notice.action = options.action
      // The same words again replace those before: only the last offer is still true.
      const others = notices.peek().filter(earlier => earlier.text !== text)
      notices.value = [...others.slice(-2), notice]
      setTimeout(() => dismiss(notice.id), options.action ? noticeMs * 2 : noticeMs)
    },
    /** Said once it has been quiet for a moment, so that typing does not make it babble. */
    announce(text: string): void {
      clearTimeout(timer)
      timer = setTimeout(() => {
        announcement.value = text
      }, quietMs)
    },
  }
}
