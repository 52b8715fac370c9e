/** The pinned views in one line, with live counts. */
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { t } from '../text/translate.ts'
import { openView } from './open-view.ts'
import { ViewCounts } from './ViewCounts.tsx'

export function PinnedViews() {
  const panel = usePanel()
  const { views } = panel
  const pinned = views.views.value.filter(view => view.pinned)
  if (pinned.length === 0) return null
  return (
    <nav class="pinned-views" aria-label={t('pinnedViews')}>
      {pinned.map(view => (
        <button
          key={view.id}
          type="button"
          class="pinned-view"
          aria-current={views.current.value === view.id}
          onClick={() => openView(view, panel)}
        >
          <span class="view-name">
            <SafeText text={view.name} max={40} />
          </span>
          <ViewCounts count={views.counts.value.get(view.id)} />
        </button>
      ))}
    </nav>
  )
}
