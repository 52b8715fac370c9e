/** How many events a view has, and how many came since it was last looked at. */
import type { ViewCount } from '../../state/views-model.ts'
import { counted, formatCount, t } from '../text/translate.ts'

export function ViewCounts({ count }: { count: ViewCount | undefined }) {
  if (!count) return null
  const { total, fresh, exact } = count
  return (
    <span class="view-counts">
      {fresh > 0 && (
        <span class="view-fresh">
          <span aria-hidden="true">+{formatCount(fresh)}</span>
          <span class="visually-hidden">{counted('freshInView', fresh)}</span>
        </span>
      )}
      <span class="view-total" title={exact ? undefined : t('countOfHeld')}>
        <span class="visually-hidden">{counted('events', total)}</span>
        <span aria-hidden="true">{`${exact ? '' : '≥ '}${formatCount(total)}`}</span>
      </span>
    </span>
  )
}
