/** Verifies the evidence of one event that somebody else copied: pasted or dropped, and without asking the server. */
import { useState } from 'preact/hooks'
import { failureOf } from '../../api/failure.ts'
import type { EvidenceFinding } from '../../worker/protocol.ts'
import { Icon } from '../controls/Icon.tsx'
import { Sentence } from '../detail/Sentence.tsx'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { fullTime, shortTime } from '../text/time-words.ts'
import { formatCount, type MessageKey, t } from '../text/translate.ts'

/** A proof is some kilobytes; whatever is larger was dropped by mistake. */
const largestFileBytes = 1_000_000
/** Beyond it there are no dates, and a foreign log may sign any number. */
const latestMs = 8.64e15

export function VerifyEvidence() {
  const { trust } = usePanel()
  const [text, setText] = useState('')
  const [finding, setFinding] = useState<EvidenceFinding | null>(null)
  const change = (next: string) => {
    setText(next)
    setFinding(null)
  }
  const verify = async (evidence: string) => {
    try {
      setFinding(await trust.verifyEvidence(`${evidence.trim()}\n`))
    } catch (error) {
      setFinding({ holds: false, reason: 'malformed', detail: failureOf(error).detail })
    }
  }
  const drop = async (event: DragEvent) => {
    event.preventDefault()
    const file = event.dataTransfer?.files[0]
    if (!file || file.size > largestFileBytes) return
    const dropped = await file.text()
    change(dropped)
    await verify(dropped)
  }
  return (
    <section class="settings-section">
      <h2>{t('verifyEvidence')}</h2>
      <p class="hint">{t('verifyEvidenceHint')}</p>
      <textarea
        class="text-input evidence-text"
        rows={5}
        spellcheck={false}
        aria-label={t('evidence')}
        value={text}
        onInput={event => change(event.currentTarget.value)}
        onDragOver={event => event.preventDefault()}
        onDrop={event => void drop(event)}
      />
      <div class="button-row">
        <button type="button" class="button" disabled={!text.trim()} onClick={() => void verify(text)}>
          {t('verify')}
        </button>
      </div>
      <div role="status">{finding && <Finding finding={finding} />}</div>
    </section>
  )
}

function Finding({ finding }: { finding: EvidenceFinding }) {
  return finding.holds ? <Holds finding={finding} /> : <Fails finding={finding} />
}

function Holds({ finding }: { finding: EvidenceFinding & { holds: true } }) {
  const { settings } = usePanel()
  const [zone, { hours }] = [settings.zone.value, settings.settings.value]
  const { event, origin, size, signedAt, key } = finding
  const signed = signedAt === null ? t('never') : shortTime(Math.min(signedAt * 1000, latestMs), zone, hours)
  return (
    <div class={key === 'carried' ? 'note warn' : 'note'}>
      <Icon name="verified" />
      <div class="note-body">
        <p class="note-title">{t('evidenceHolds')}</p>
        <p>
          <Sentence event={event} />
        </p>
        <p>{fullTime(Date.parse(event.occurredAt), zone, hours)}</p>
        <p>
          <SafeText text={t('evidenceProves', formatCount(event.index), origin, formatCount(size), signed)} />
        </p>
        <p>{t(keyWords[key])}</p>
      </div>
    </div>
  )
}

const keyWords: Record<(EvidenceFinding & { holds: true })['key'], MessageKey> = {
  pinned: 'evidencePinnedKey',
  before: 'evidenceKeyBefore',
  carried: 'evidenceCarriedKey',
}

const reasons: Record<(EvidenceFinding & { holds: false })['reason'], MessageKey> = {
  malformed: 'evidenceMalformed',
  misbehaved: 'evidenceFalse',
  untrusted: 'evidenceUntrusted',
  other_history: 'evidenceOtherHistory',
}

function Fails({ finding }: { finding: EvidenceFinding & { holds: false } }) {
  return (
    <div class="note bad">
      <Icon name="distrusted" />
      <div class="note-body">
        <p class="note-title">{t('evidenceFails')}</p>
        <p>{t(reasons[finding.reason])}</p>
        <p class="note-small">
          <SafeText text={finding.detail} />
        </p>
      </div>
    </div>
  )
}
