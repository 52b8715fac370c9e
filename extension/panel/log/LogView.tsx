/** The Audit log: filters, what they leave, and the event that is open. */
import { useEffect, useState } from 'preact/hooks'
import { FailureNote } from '../controls/FailureNote.tsx'
import { DetailPane } from '../detail/DetailPane.tsx'
import { FilterBar } from '../filter/FilterBar.tsx'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'
import { EmptyLog } from './EmptyLog.tsx'
import { EventGrid } from './EventGrid.tsx'
import { NewEventsPill } from './NewEventsPill.tsx'
import { ScopeLine } from './ScopeLine.tsx'

export function LogView() {
  const { detail, list } = usePanel()
  const isOpen = detail.state.value.name !== 'closed'
  return (
    <div class={isOpen ? 'log-view with-detail' : 'log-view'}>
      <div class="log-pane">
        <h1 class="visually-hidden">{t('auditLog')}</h1>
        <FilterBar />
        <ScopeLine />
        <div class={list.loading.value ? 'log-body busy' : 'log-body'} aria-busy={list.loading.value}>
          <NewEventsPill />
          <LogBody />
        </div>
      </div>
      {isOpen && <DetailPane />}
    </div>
  )
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

const patienceMs = 150

/** Only after a moment: what comes at once should not flash. */
function Skeleton() {
  const [isDue, setDue] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), patienceMs)
    return () => clearTimeout(timer)
  }, [])
  if (!isDue) return null
  return (
    <div class="skeleton" role="status" aria-label={t('loadingEvents')}>
      {Array.from({ length: 14 }, (_, at) => (
        <div class="skeleton-row">
          <span class="bone" style={{ width: `${28 + ((at * 17) % 24)}%` }} />
          <span class="bone" style={{ width: `${46 + ((at * 29) % 36)}%` }} />
        </div>
      ))}
    </div>
  )
}
