/** The bars, what is chosen among them, and what the bucket in question says. One tab stop, heard as a slider. */
import { useMemo, useRef } from 'preact/hooks'
import { formatMoment } from '../../../shared/time.ts'
import type { DateChoice } from '../../state/filter-dates.ts'
import type { Picture } from '../../state/histogram-model.ts'
import type { Overview } from '../../worker/protocol.ts'
import { gridId } from '../log/grid-cursor.ts'
import { usePanel } from '../panel-context.ts'
import { counted, t } from '../text/translate.ts'
import { BucketTip } from './BucketTip.tsx'
import { barPaths, bucketAt, slotsAcross } from './bars.ts'
import { useResetDates } from './Histogram.tsx'
import { missingStretches } from './missing.ts'
import { readBuckets, spokenBuckets } from './picture-words.ts'
import { seriesClass, stacked } from './series.ts'
import { type BrushRange, inOrder, useBrush } from './use-brush.ts'
import { useElementWidth } from './use-element-width.ts'
import { useReading } from './use-reading.ts'

const plotHeight = 36
const hintId = 'histogram-hint'

export function HistogramPlot({ picture }: { picture: Picture }) {
  const { filter } = usePanel()
  const reading = useReading()
  const resetDates = useResetDates()
  const overview = picture.overview!
  const count = overview.buckets.starts.length
  const [plot, width] = useElementWidth()
  const slots = useMemo(() => slotsAcross(count, width), [count, width])
  /** The dates before the last click. */
  const before = useRef<DateChoice>(filter.dates.peek())

  const apply = (range: BrushRange) => {
    before.current = filter.dates.peek()
    filter.chooseDates({ kind: 'range', range: momentsOf(overview, inOrder(range), picture) })
  }
  const brush = useBrush({
    count,
    subject: `${overview.buckets.starts[0]} ${overview.buckets.end} ${count}`,
    bucketAt: x => bucketAt(x - (plot.current?.getBoundingClientRect().left ?? 0), count, width),
    apply,
    click: (bucket, again) => (again ? resetDates(before.current) : apply({ from: bucket, to: bucket })),
    leave: () => document.getElementById(gridId)?.focus(),
  })
  const chosen = brush.range && inOrder(brush.range)
  const pointed = brush.hovered === null ? null : Math.min(brush.hovered, count - 1)
  const shown = chosen ?? (pointed === null ? null : { from: pointed, to: pointed })
  const read = shown && readBuckets(picture, shown, reading)
  const place = shown && {
    left: slots[shown.from]!.left,
    width: slots[shown.to]!.left + slots[shown.to]!.width - slots[shown.from]!.left,
  }
  const whole = readBuckets(picture, { from: 0, to: count - 1 }, reading)
  return (
    <>
      <div
        ref={plot}
        class={chosen ? 'histogram-plot brushing' : 'histogram-plot'}
        role="slider"
        tabIndex={0}
        aria-label={t('eventsOverTime')}
        aria-describedby={hintId}
        aria-valuemin={1}
        aria-valuemax={count}
        aria-valuenow={(brush.range?.to ?? count - 1) + 1}
        aria-valuetext={spokenBuckets(chosen && read ? read : whole)}
        {...brush.handlers}
      >
        <Bars picture={picture} slots={slots} width={width} />
        {place && (
          <span
            class={chosen ? 'histogram-band chosen' : 'histogram-band'}
            style={{ left: `${place.left}px`, width: `${place.width}px` }}
          />
        )}
        {whole.total === 0 && <span class="histogram-none">{counted('events', 0)}</span>}
        {read && place && <BucketTip read={read} picture={picture} place={place} width={width} />}
      </div>
      <span id={hintId} class="visually-hidden">
        {t('histogramHint')}
      </span>
    </>
  )
}

interface BarsProps {
  picture: Picture
  slots: ReturnType<typeof slotsAcross>
  width: number
}

function Bars({ picture, slots, width }: BarsProps) {
  const { overview } = picture
  const series = useMemo(() => stacked(picture), [picture])
  const paths = useMemo(
    () =>
      barPaths(
        series.map(({ counts }) => counts),
        slots,
        plotHeight,
      ),
    [series, slots],
  )
  return (
    <svg width={width} height={plotHeight} aria-hidden="true" focusable="false">
      {missingStretches(overview!, width).map(({ left, width: wide }) => (
        <rect key={left} class="histogram-missing" x={left} width={wide} height={plotHeight} />
      ))}
      {series.map(({ value }, at) => (
        <path key={value} class={seriesClass(picture, value)} d={paths[at]} />
      ))}
    </svg>
  )
}

/** The buckets' own moments, but for the ends of the filter's dates that lie within the first or last one. */
function momentsOf({ buckets }: Overview, { from, to }: BrushRange, { view }: Picture) {
  const start = buckets.starts[from]!
  const end = buckets.starts[to + 1] ?? buckets.end
  const earliest = view.filter.from === undefined ? start : Date.parse(view.filter.from)
  const latest = view.filter.to === undefined ? end : Date.parse(view.filter.to)
  return { from: formatMoment(Math.max(start, earliest)), to: formatMoment(Math.min(end, latest)) }
}
