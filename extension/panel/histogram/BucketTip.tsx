/** The exact numbers of the buckets pointed at or chosen. The slider's own words say the same to screen readers. */
import type { Picture } from '../../state/histogram-model.ts'
import { SafeText } from '../text/SafeText.tsx'
import { counted, formatCount } from '../text/translate.ts'
import type { Slot } from './bars.ts'
import type { BucketReading } from './picture-words.ts'
import { seriesClass, stacked } from './series.ts'

interface BucketTipProps {
  picture: Picture
  read: BucketReading
  /** The buckets' place in the plot. */
  place: Slot
  /** The plot's. */
  width: number
}

export function BucketTip({ picture, read, place, width }: BucketTipProps) {
  const center = place.left + place.width / 2
  // It stands under its buckets, held within the plot: at the ends it hangs from its own end.
  const share = Math.round((center / width) * 100)
  const order = stacked(picture).map(({ value }) => value)
  const parts = [...read.parts].sort((a, b) => order.indexOf(b.value) - order.indexOf(a.value))
  return (
    <div
      class="histogram-tip"
      aria-hidden="true"
      style={{ left: `${center}px`, transform: `translateX(-${share}%)` }}
    >
      <span class="tip-time">{read.time}</span>
      <strong>{counted('events', read.total)}</strong>
      {parts.map(({ value, label, count }) => (
        <span key={value} class="tip-part">
          <i class={`swatch ${seriesClass(picture, value)}`} />
          <span class="clip">
            <SafeText text={label} max={60} />
          </span>
          <span>{formatCount(count)}</span>
        </span>
      ))}
    </div>
  )
}
