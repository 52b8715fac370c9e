/** The quiet sign that what is shown was proven, or not: one line, and the page behind it. */
import type { WitnessRecord } from '../../cache/witness-record.ts'
import type { Quorum } from '../../state/trust-model.ts'
import { Icon, type IconName } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { relativeTime } from '../text/time-words.ts'
import { counted, t } from '../text/translate.ts'
import { quorumParts, quorumWord } from './quorum-words.ts'

export function Shield() {
  const { trust, navigation, clock } = usePanel()
  const record = trust.record.value
  const quorum = trust.quorum.value
  const [icon, tone] = signOf(record, quorum)
  const [word, ...rest] = trustWords(record, quorum, clock.now.value)
  return (
    <button
      type="button"
      class={`quiet-button shield ${tone}`}
      aria-label={[word, ...rest].join(' · ')}
      title={[word, ...rest].join(' · ')}
      onClick={() => navigation.go('trust')}
    >
      <Icon name={icon} />
      <span class="shield-word">{word}</span>
      <span class="shield-rest">{rest.map(part => ` · ${part}`)}</span>
    </button>
  )
}

function signOf(
  record: WitnessRecord | null,
  quorum: Quorum | null,
): [IconName, 'good' | 'warn' | 'busy' | 'bad'] {
  if (record?.alarm) return record.alarm.epoch ? ['alert', 'warn'] : ['distrusted', 'bad']
  if (!record?.seen || quorum === 'unknown') return ['shield', 'busy']
  return quorum?.isMet === false ? ['shield', 'warn'] : ['verified', 'good']
}

/** "Verified", "witnessed by 2 of 3", "128,402 events", "checkpoint 40s ago". */
export function trustWords(record: WitnessRecord | null, quorum: Quorum | null, now: number): string[] {
  const seen = record?.seen
  const extent = seen
    ? [counted('eventsVerified', seen.size), t('checkpointAgo', relativeTime(Date.parse(seen.signedAt), now))]
    : []
  if (record?.alarm) return [t(record.alarm.epoch ? 'phaseRestored' : 'phaseMisbehaved')]
  return seen ? [quorumWord(quorum), ...quorumParts(quorum), ...extent] : [t('notVerifiedYet')]
}
