/** What the bars are divided by, what the colours mean, and the same numbers as a table. */
import type { Picture } from '../../state/histogram-model.ts'
import type { StackField } from '../../worker/protocol.ts'
import { Icon } from '../controls/Icon.tsx'
import { PopoverButton } from '../controls/Popover.tsx'
import { Segments } from '../controls/Segments.tsx'
import { usePanel } from '../panel-context.ts'
import { partLabel } from '../text/filter-words.ts'
import { SafeText } from '../text/SafeText.tsx'
import { formatCount, t } from '../text/translate.ts'
import { seriesLabel, timeOfBuckets } from './picture-words.ts'
import { seriesClass, stacked } from './series.ts'
import { useReading } from './use-reading.ts'

const fields: readonly StackField[] = ['outcome', 'area']

export function HistogramDetails({ picture }: { picture: Picture }) {
  const { settings } = usePanel()
  const label = picture.by === 'outcome' ? t('stackedByOutcome') : t('stackedByArea')
  return (
    <PopoverButton
      label={label}
      title={t('histogram')}
      class="link-button histogram-stack"
      button={
        <>
          {label}
          <Icon name="down" />
        </>
      }
    >
      {() => (
        <div class="popover-body histogram-details">
          <Segments
            label={t('stackBy')}
            value={settings.settings.value.stack}
            options={fields.map(field => [field, partLabel(field)] as const)}
            onValue={stack => settings.change({ stack })}
          />
          <Legend picture={picture} />
          <details class="histogram-numbers">
            <summary>{t('showAsTable')}</summary>
            <NumbersTable picture={picture} />
          </details>
        </div>
      )}
    </PopoverButton>
  )
}

function Legend({ picture }: { picture: Picture }) {
  const { names } = usePanel()
  return (
    <ul class="histogram-legend" aria-label={t('legend')}>
      {stacked(picture)
        .reverse()
        .map(({ value, counts }) => (
          <li key={value}>
            <i class={`swatch ${seriesClass(picture, value)}`} aria-hidden="true" />
            <span class="clip">
              <SafeText text={seriesLabel(picture.by, value, names)} max={80} />
            </span>
            <span>{formatCount(counts.reduce((sum, count) => sum + count, 0))}</span>
          </li>
        ))}
    </ul>
  )
}

/** Newest first, as the list is. */
function NumbersTable({ picture }: { picture: Picture }) {
  const reading = useReading()
  const { buckets } = picture.overview!
  const series = stacked(picture)
  const rows = buckets.starts
    .map((_, at) => ({ at, counts: series.map(({ counts }) => counts[at]!) }))
    .filter(({ counts }) => counts.some(count => count > 0))
    .reverse()
  return (
    <div class="table-scroll">
      <table>
        <caption class="hint">{t('tableCaption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('tableTime')}</th>
            <th scope="col">{t('tableTotal')}</th>
            {series.map(({ value }) => (
              <th key={value} scope="col">
                <SafeText text={seriesLabel(picture.by, value, reading.names)} max={40} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, counts }) => (
            <tr key={at}>
              <th scope="row">{timeOfBuckets(buckets, { from: at, to: at }, reading)}</th>
              <td>{formatCount(counts.reduce((sum, count) => sum + count, 0))}</td>
              {counts.map((count, i) => (
                <td key={series[i]!.value}>{formatCount(count)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
