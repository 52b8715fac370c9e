/** What the reader must know about how the log is fed: nothing while all is well. */
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { readerWords } from '../text/source-words.ts'
import { t } from '../text/translate.ts'
import { useTime } from '../text/use-time.ts'

export function FeedNote() {
  const { sources } = usePanel()
  const time = useTime()
  const troubled = sources.troubled.value
  if (sources.unknown.value) {
    return (
      <p class="feed-note warn" role="status">
        <Icon name="alert" />
        <span>{t('feedUnknown')}</span>
      </p>
    )
  }
  if (troubled.length === 0) return null
  return (
    <ul class="feed-notes" role="status" aria-label={t('feedStatus')}>
      {troubled.map(source => (
        <li key={source.id} class={source.state === 'failing' ? 'feed-note bad' : 'feed-note'}>
          <Icon name={source.state === 'failing' ? 'alert' : 'clock'} />
          <span>
            <SafeText text={readerWords(source, time)} max={300} />
          </span>
        </li>
      ))}
    </ul>
  )
}
