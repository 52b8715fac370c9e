/** Rows to come. */
import { useEffect, useState } from 'preact/hooks'
import { t } from '../text/translate.ts'

const patienceMs = 150

/** Only after a moment: what comes at once should not flash. */
export function Skeleton() {
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
