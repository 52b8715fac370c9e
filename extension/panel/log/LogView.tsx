/** The Audit log: filters, what they leave, and the event that is open. */
import { useEffect, useRef } from 'preact/hooks'
import { FailureNote } from '../controls/FailureNote.tsx'
import { DetailPane } from '../detail/DetailPane.tsx'
import { FilterBar } from '../filter/FilterBar.tsx'
import { Histogram } from '../histogram/Histogram.tsx'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'
import { useWindowWidth } from '../use-window-width.ts'
import { PinnedViews } from '../views/PinnedViews.tsx'
import { EmptyLog } from './EmptyLog.tsx'
import { EventGrid, twoPanes } from './EventGrid.tsx'
import { FeedNote } from './FeedNote.tsx'
import { gridId } from './grid-cursor.ts'
import { NewEventsPill } from './NewEventsPill.tsx'
import { ScopeLine } from './ScopeLine.tsx'
import { Skeleton } from './Skeleton.tsx'

export function LogView() {
  const { detail, list } = usePanel()
  const isOpen = detail.state.value.name !== 'closed'
  // The open event covers the list: nothing behind it may be reached.
  const isCovered = useWindowWidth() < twoPanes && isOpen
  useFocusBack(isOpen)
  return (
    <div class={isOpen ? 'log-view with-detail' : 'log-view'}>
      <div class="log-pane" inert={isCovered}>
        <h1 class="visually-hidden">{t('auditLog')}</h1>
        <PinnedViews />
        <FilterBar />
        <Histogram />
        <ScopeLine />
        <FeedNote />
        <div class={list.loading.value ? 'log-body busy' : 'log-body'} aria-busy={list.loading.value}>
          <NewEventsPill />
          <LogBody />
        </div>
      </div>
      {isOpen && <DetailPane />}
    </div>
  )
}

/** The focus that goes with a closed event returns to the list, which could not take it while it was covered. */
function useFocusBack(isOpen: boolean): void {
  const wasOpen = useRef(isOpen)
  useEffect(() => {
    const isLost = document.activeElement === null || document.activeElement === document.body
    if (wasOpen.current && !isOpen && isLost) document.getElementById(gridId)?.focus()
    wasOpen.current = isOpen
  }, [isOpen])
}

function LogBody() {
  const { list, sync } = usePanel()
  const failure = list.failure.value ?? (sync.opened.value ? null : sync.status.value.failure)
  const listing = list.listing.value
  // A failed answer must not stand there looking like the answer to the filter now in force.
  if (failure) {
    return (
      <div class="blank">
        <FailureNote failure={failure} onRetry={() => (sync.opened.value ? list.reload() : sync.retry())} />
      </div>
    )
  }
  if (!listing) return <Skeleton />
  return listing.total === 0 ? <EmptyLog /> : <EventGrid listing={listing} />
}
