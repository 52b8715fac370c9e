/** All that the filter finds, by time, above the list. Dragging, a click or the arrow keys choose the dates. */
import type { DateChoice } from '../../state/filter-dates.ts'
import type { Picture } from '../../state/histogram-model.ts'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'
import { HistogramDetails } from './HistogramDetails.tsx'
import { HistogramPlot } from './HistogramPlot.tsx'
import { axisEnds, gapWords } from './picture-words.ts'
import { useReading } from './use-reading.ts'

export function Histogram() {
  const { histogram } = usePanel()
  const picture = histogram.picture.value
  const failure = histogram.failure.value
  // A log without events has no times; the list says so.
  if (picture && !picture.overview) return null
  return (
    <section class="histogram" aria-label={t('histogram')}>
      {picture?.overview ? (
        <>
          <HistogramPlot picture={picture} />
          <Axis picture={picture} />
          <Gaps picture={picture} />
        </>
      ) : (
        <div class="histogram-blank">{failure && <p class="hint">{t('histogramFailed')}</p>}</div>
      )}
    </section>
  )
}

function Axis({ picture }: { picture: Picture }) {
  const { clock, filter } = usePanel()
  const [first, last] = axisEnds(picture.overview!.buckets, clock.now.value, useReading())
  const resetDates = useResetDates()
  return (
    <div class="histogram-axis">
      <span>{first}</span>
      <span class="histogram-controls">
        <HistogramDetails picture={picture} />
        {filter.dates.value.kind !== 'any' && (
          <button
            type="button"
            class="quiet-button"
            aria-label={t('showAllDates')}
            title={t('showAllDates')}
            onClick={() => resetDates(filter.dates.peek())}
          >
            <Icon name="widen" />
          </button>
        )}
      </span>
      <span>{last}</span>
    </div>
  )
}

/** Shows all dates; what was chosen until then can be had back. */
export function useResetDates(): (before: DateChoice) => void {
  const { filter, notices } = usePanel()
  return before => {
    filter.chooseDates({ kind: 'any' })
    if (before.kind === 'any') return
    const undo = { label: t('undo'), run: () => filter.chooseDates(before) }
    notices.show(t('datesCleared'), { action: undo })
  }
}

/** What is not held here cannot be counted here: that is said, not drawn as nothing. */
function Gaps({ picture }: { picture: Picture }) {
  const words = gapWords(picture.overview!.gaps, useReading())
  if (words.length === 0) return null
  return (
    <p class="histogram-gaps">
      <span class="swatch missing" aria-hidden="true" />
      {t('notHeldHere', words.join(', '))}
    </p>
  )
}
