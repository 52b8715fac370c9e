/** How much of the log is on this device, and a way to delete it. */
import { useState } from 'preact/hooks'
import { usePanel } from '../panel-context.ts'
import { formatCount, t } from '../text/translate.ts'

export function CacheSection() {
  const { sync, session } = usePanel()
  const [busy, setBusy] = useState(false)
  if (session.state.value.name !== 'open') return null
  const { held, size } = sync.status.value
  const clear = async () => {
    setBusy(true)
    await sync.clearCache()
    setBusy(false)
  }
  return (
    <section class="settings-section">
      <h2>{t('cache')}</h2>
      <p>{t('cacheHolds', formatCount(held), formatCount(size))}</p>
      <p class="hint">{t('cacheHint')}</p>
      <div class="button-row">
        <button type="button" class="button" disabled={busy} onClick={() => void clear()}>
          {t('clearCache')}
        </button>
      </div>
    </section>
  )
}
