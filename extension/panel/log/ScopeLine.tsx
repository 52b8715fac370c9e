/** What the list shows: how many events, whether that is all of them, and in which zone the times are. */
import { useEffect } from 'preact/hooks'
import type { Listing } from '../../state/log-model.ts'
import { usePanel } from '../panel-context.ts'
import { counted, formatCount, t } from '../text/translate.ts'
import { TimesButton } from './TimesButton.tsx'

export function ScopeLine() {
  const { list, sync, notices } = usePanel()
  const listing = list.listing.value
  const words = listing ? scopeWords(listing, sync.status.value.held) : ''
  useEffect(() => {
    if (words) notices.announce(words)
  }, [words])
  return (
    <div class="scope-line">
      <p class="scope-count">
        {listing && (
          <>
            <strong>{counted('events', listing.total)}</strong>
            {!listing.exact && <span class="scope-part"> {t('amongHeld', sync.status.value.held)}</span>}
          </>
        )}
      </p>
      <TimesButton />
    </div>
  )
}

function scopeWords({ total, exact }: Listing, held: number): string {
  const count = counted('events', total)
  return exact ? count : `${count} ${t('amongHeld', formatCount(held))}`
}
