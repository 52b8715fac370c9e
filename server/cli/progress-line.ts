/** Progress on standard error: one line that rewrites itself on a terminal, a line now and then elsewhere. */
import type { ImportProgress } from '../intake/import.ts'

export interface TextOutput {
  write(text: string): unknown
  isTTY?: boolean | undefined
}

export interface ProgressLine<Progress extends unknown[] = [progress: ImportProgress]> {
  update(...progress: Progress): void
  /** Writes a line that stays. */
  writeAbove(line: string): void
  end(): void
}

const clearLine = '\r\u001b[2K'

export function createProgressLine(output: TextOutput, now: () => number): ProgressLine {
  return createCountLine(output, now, formatProgress)
}

/** The same for counts of any kind. */
export function createCountLine<Progress extends unknown[]>(
  output: TextOutput,
  now: () => number,
  format: (...progress: Progress) => string,
): ProgressLine<Progress> {
  const everyMs = output.isTTY ? 100 : 5000
  let shownAt = now()
  let isOpen = false
  const clear = () => {
    if (isOpen) output.write(clearLine)
    isOpen = false
  }
  return {
    update(...progress) {
      if (now() - shownAt < everyMs) return
      shownAt = now()
      const words = format(...progress)
      output.write(output.isTTY ? clearLine + words : `${words}\n`)
      isOpen = Boolean(output.isTTY)
    },
    writeAbove(line) {
      clear()
      output.write(`${line}\n`)
    },
    end: clear,
  }
}

function formatProgress({
  read,
  accepted,
  duplicates,
  rejected,
  bytesRead,
  bytesTotal,
}: ImportProgress): string {
  const share = bytesTotal ? ` (${Math.min(100, Math.floor((bytesRead / bytesTotal) * 100))}%)` : ''
  return `read ${read}${share}, accepted ${accepted}, duplicates ${duplicates}, rejected ${rejected}`
}
