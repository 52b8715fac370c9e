/** What a check of an exported file found: the verdict, what it covers, and what it does not. */
import { placeWords } from '../../../shared/export/finding.ts'
import type { ExportReport } from '../../../shared/export/verify.ts'
import { Icon } from '../controls/Icon.tsx'
import { Fact } from '../detail/Facts.tsx'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { fullTime } from '../text/time-words.ts'
import { counted, formatCount, type MessageKey, t } from '../text/translate.ts'

const verdicts: Record<ExportReport['outcome'], { title: MessageKey; text: MessageKey; tone: string }> = {
  verified: { title: 'fileVerified', text: 'fileVerifiedText', tone: '' },
  redacted: { title: 'fileRedacted', text: 'fileRedactedText', tone: '' },
  untrusted: { title: 'fileUntrusted', text: 'fileUntrustedText', tone: 'warn' },
  tampered: { title: 'fileTampered', text: 'fileTamperedText', tone: 'bad' },
  malformed: { title: 'fileMalformed', text: 'fileMalformedText', tone: 'bad' },
}

export function Report({ report }: { report: ExportReport }) {
  const { outcome, words, place } = report
  const { title, text, tone } = verdicts[outcome]
  const isFine = outcome === 'verified' || outcome === 'redacted'
  return (
    <>
      <div class={`note ${tone}`}>
        <Icon name={isFine ? 'verified' : 'distrusted'} />
        <div class="note-body">
          <p class="note-title">{t(title)}</p>
          {place && outcome !== 'untrusted' && (
            <p>
              <SafeText text={placeWords(place)} max={300} />
            </p>
          )}
          <p>{t(text)}</p>
          {words && (
            <p class="note-small">
              <SafeText text={words} max={400} />
            </p>
          )}
        </div>
      </div>
      {(isFine || outcome === 'untrusted') && <Coverage report={report} />}
    </>
  )
}

function Coverage({ report }: { report: ExportReport }) {
  const { settings } = usePanel()
  const { manifest, checkpoint, keyPeriod, redacted } = report
  if (!manifest || !checkpoint) return null
  const { start, end, leftOut } = manifest.log
  const signed = fullTime(checkpoint.signedAtMs, settings.zone.value, settings.settings.value.hours)
  const fields = Object.entries(redacted.fields).map(([name, count]) => `${name} (${formatCount(count)})`)
  return (
    <>
      <dl class="fact-list">
        <Fact name={t('rowsProven')} value={counted('records', manifest.rows)} />
        <Fact name={t('rangeProven')} value={end > start ? t('rangeOf', start, end - 1, leftOut) : null} />
        <Fact name={t('logName')} value={checkpoint.origin} />
        <Fact name={t('checkpointSigned')} value={t('checkpointOf', checkpoint.size, signed)} />
        <Fact
          name={t('signedWith')}
          value={keyPeriod && t(keyPeriod.until === null ? 'signedWithNewer' : 'signedWithOlder')}
        />
        <Fact name={t('withheldFields')} value={fields.length > 0 ? fields.join(', ') : null} />
        <Fact name={t('saysOfItself')} value={t('exportedBy', manifest.createdBy.name, manifest.createdAt)} />
      </dl>
      <p class="hint">{leftOut > 0 ? t('leftOutMeans') : t('rangeIsWhole')}</p>
    </>
  )
}
