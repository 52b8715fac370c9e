/** What was checked of the log, when, by whom, and what all that does not prove. */
import type { Evidence, FollowedRotation, PinnedLog, WitnessRecord } from '../../cache/witness-record.ts'
import { CopyButton } from '../controls/CopyButton.tsx'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { Page } from '../shell/Page.tsx'
import { SafeText } from '../text/SafeText.tsx'
import { counted, formatCount, type MessageKey, t } from '../text/translate.ts'
import { alarmWords } from './alarm-words.ts'
import { trustWords } from './Shield.tsx'
import { useTimes } from './use-times.ts'
import { VerifyEvidence } from './VerifyEvidence.tsx'
import { Witnesses } from './Witnesses.tsx'

export function TrustView() {
  const { trust, clock } = usePanel()
  const record = trust.record.value
  return (
    <Page title={t('verification')}>
      <section class="settings-section">
        <p class="trust-words">{trustWords(record, trust.quorum.value, clock.now.value).join(' · ')}</p>
        {record && <Witnessed record={record} />}
      </section>
      {record && <KeySection pinned={record.pinned} rotations={record.rotations} />}
      <Witnesses />
      <List title={t('whatWasChecked')} items={checked} />
      <List title={t('whatIsNotProven')} items={notProven} />
      <VerifyEvidence />
      {record && record.past.length > 0 && <PastAlarms past={record.past} />}
    </Page>
  )
}

const checked: readonly MessageKey[] = [
  'checkedSignature',
  'checkedGrowth',
  'checkedEvents',
  'checkedValues',
  'checkedTime',
]

const notProven: readonly MessageKey[] = ['unprovenFirst', 'unprovenSplit', 'unprovenNever', 'unprovenServer']

function Witnessed({ record: { seen, first, checkedAt } }: { record: WitnessRecord }) {
  const time = useTimes()
  if (!seen || !first) return null
  return (
    <dl class="facts">
      <dt>{t('checkpoint')}</dt>
      <dd>{counted('entriesSignedAt', seen.size, time(seen.signedAt))}</dd>
      <dt>{t('lastChecked')}</dt>
      <dd>{t('checkedHere', time(checkedAt))}</dd>
      <dt>{t('followedSince')}</dt>
      <dd>{t('followedFrom', time(first.at), formatCount(first.size))}</dd>
    </dl>
  )
}

const pinnedBy: Record<PinnedLog['by'], MessageKey> = {
  policy: 'pinnedByPolicy',
  first_use: 'pinnedByFirstUse',
  person: 'pinnedByPerson',
}

interface KeySectionProps {
  pinned: PinnedLog
  rotations: readonly FollowedRotation[]
}

function KeySection({ pinned, rotations }: KeySectionProps) {
  const time = useTimes()
  return (
    <section class="settings-section">
      <h2>{t('logKey')}</h2>
      <dl class="facts">
        <dt>{t('logOrigin')}</dt>
        <dd>
          <SafeText text={pinned.origin} />
        </dd>
        <dt>{t('fingerprint')}</dt>
        <dd class="mono">
          <SafeText text={pinned.log} max={Number.POSITIVE_INFINITY} />
        </dd>
      </dl>
      <p class="hint">{t(pinnedBy[pinned.by], time(pinned.at))}</p>
      {rotations.length > 0 && (
        <ul class="trust-list">
          {rotations.toReversed().map(({ changedAt, index }) => (
            <li key={index}>{t('logKeyChanged', time(changedAt), formatCount(index))}</li>
          ))}
        </ul>
      )}
      {pinned.policyKey !== undefined && (
        <div class="note warn">
          <Icon name="alert" />
          <div class="note-body">
            <p class="note-title">{t('policyKeyOlder')}</p>
            <p>{t('policyKeyOlderMeans')}</p>
          </div>
        </div>
      )}
      <div class="button-row">
        <CopyButton text={() => pinned.log} label={t('copyFingerprint')} caption={t('copyFingerprint')} />
      </div>
    </section>
  )
}

function List({ title, items }: { title: string; items: readonly MessageKey[] }) {
  return (
    <section class="settings-section">
      <h2>{title}</h2>
      <ul class="trust-list">
        {items.map(item => (
          <li key={item}>{t(item)}</li>
        ))}
      </ul>
    </section>
  )
}

function PastAlarms({ past }: { past: readonly Evidence[] }) {
  const { trust } = usePanel()
  const time = useTimes()
  return (
    <section class="settings-section">
      <h2>{t('pastAlarms')}</h2>
      <ul class="trust-list">
        {past.toReversed().map(evidence => (
          <li key={evidence.at}>
            {time(evidence.at)} · {alarmWords(evidence.code).title}{' '}
            <button type="button" class="link-button" onClick={() => trust.saveEvidence(evidence)}>
              {t('saveEvidence')}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
