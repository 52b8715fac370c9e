/** What came since the list was taken. Rows never move under the reader; this brings them in. */
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { counted } from '../text/translate.ts'

export function NewEventsPill() {
  const { list, detail } = usePanel()
  const count = list.arrived.value
  if (count === 0) return null
  const show = () => {
    detail.close()
    list.showArrived()
  }
  return (
    <button type="button" class="new-events" onClick={show}>
      <Icon name="up" />
      {counted('newEvents', count)}
    </button>
  )
}
