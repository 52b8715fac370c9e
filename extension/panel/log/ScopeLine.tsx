/** What the list shows: how many events, whether that is all of them, and in which zone the times are. */
import { useEffect } from 'preact/hooks'
import type { Listing } from '../../state/log-model.ts'
import { usePanel } from '../panel-context.ts'
import { counted, t } from '../text/translate.ts'
import { TimesButton } from './TimesButton.tsx'

export function ScopeLine() {
  const { list, sync, filter, notices } = usePanel()
  const { held, size, removed } = sync.status.value
  const listing = list.listing.value
  const part = filter.isEmpty.value ? t('ofTheLog', size) : t('amongHeld', held)
  const words = listing ? scopeWords(listing, part) : ''
  useEffect(() => {
    if (words) notices.announce(words)
  }, [words])
  return (
    <div class="scope-line">
      <p class="scope-count">
        {listing && (
          <>
            <strong>{counted('events', listing.total)}</strong>
            {!listing.exact && <span class="scope-part"> {part}</span>}
            {removed > 0 && <span class="scope-part"> · {t('olderRemoved', removed)}</span>}
          </>
        )}
      </p>
      <TimesButton />
    </div>
  )
}

function scopeWords({ total, exact }: Listing, part: string): string {
  const count = counted('events', total)
  return exact ? count : `${count} ${part}`
}
