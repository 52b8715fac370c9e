/** How long events are kept, and what is kept whatever happens. */
import { useEffect, useState } from 'preact/hooks'
import type { LegalHold, Retention } from '../../../shared/api.ts'
import { FailureNote } from '../controls/FailureNote.tsx'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { shortTime } from '../text/time-words.ts'
import { counted, formatCount, t } from '../text/translate.ts'
import { AdminList } from './AdminList.tsx'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import { HoldDialog } from './HoldDialog.tsx'
import { RetentionForm } from './RetentionForm.tsx'

export function RetentionTab() {
  const { retention } = usePanel()
  useEffect(() => void retention.load(), [retention])
  const setting = retention.setting.value
  const failure = retention.settingFailure.value
  return (
    <>
      <section class="admin-section">
        <h2>{t('retention')}</h2>
        {failure && <FailureNote failure={failure} onRetry={() => void retention.load()} />}
        {setting ? (
          <>
            <RetentionForm key={String(setting.days)} setting={setting} />
            <RetentionFacts setting={setting} />
          </>
        ) : (
          !failure && (
            <div class="middle-spinner" role="status" aria-label={t('loading')}>
              <span class="spinner" />
            </div>
          )
        )}
      </section>
      <Holds />
    </>
  )
}

function RetentionFacts({ setting: { nextRunAt, lastRun, removed } }: { setting: Retention }) {
  const { settings } = usePanel()
  const time = (moment: string) =>
    shortTime(Date.parse(moment), settings.zone.value, settings.settings.value.hours)
  return (
    <dl class="facts">
      <dt>{t('nextRun')}</dt>
      <dd>{nextRunAt ? time(nextRunAt) : t('none')}</dd>
      <dt>{t('lastRun')}</dt>
      <dd>{lastRun ? `${time(lastRun.at)} · ${counted('eventsRemoved', lastRun.entries)}` : t('never')}</dd>
      <dt>{t('removedSoFar')}</dt>
      <dd>{formatCount(removed)}</dd>
    </dl>
  )
}

function Holds() {
  const { retention } = usePanel()
  const [isAdding, setAdding] = useState(false)
  const [releasing, setReleasing] = useState<LegalHold | null>(null)
  return (
    <section class="admin-section">
      <h2>{t('legalHolds')}</h2>
      <p class="hint">{t('legalHoldsMean')}</p>
      <AdminList
        list={retention.holds.value}
        label={t('legalHolds')}
        addLabel={t('addHold')}
        none={t('noHolds')}
        onAdd={() => setAdding(true)}
        onRetry={() => void retention.load()}
      >
        {hold => <HoldItem key={hold.id} hold={hold} onRelease={() => setReleasing(hold)} />}
      </AdminList>
      {isAdding && <HoldDialog onClose={() => setAdding(false)} />}
      {releasing && (
        <ConfirmDialog
          title={t('releaseHold')}
          text={t('releaseHoldText', releasing.name)}
          confirm={t('releaseHold')}
          run={() => retention.release(releasing.id)}
          onClose={() => setReleasing(null)}
        />
      )}
    </section>
  )
}

function HoldItem({ hold, onRelease }: { hold: LegalHold; onRelease: () => void }) {
  const { settings } = usePanel()
  const { hours } = settings.settings.value
  const { name, reason, placedBy, placedAt } = hold
  const placed = shortTime(Date.parse(placedAt), settings.zone.value, hours)
  return (
    <li class="admin-item">
      <div class="admin-words">
        <p class="admin-name">
          <SafeText text={name} max={120} />
        </p>
        <p class="admin-sub">
          <SafeText
            text={scopeWords(hold, moment => shortTime(Date.parse(moment), settings.zone.value, hours))}
          />
        </p>
        <p class="admin-sub">
          <SafeText text={reason} max={1000} />
        </p>
        <p class="admin-sub">
          <SafeText text={t('placedBy', placedBy.name, placed)} max={200} />
        </p>
      </div>
      <button
        type="button"
        class="button small danger"
        onClick={onRelease}
        aria-label={t('releaseNamed', name)}
      >
        {t('release')}
      </button>
    </li>
  )
}

function scopeWords({ scope }: LegalHold, time: (moment: string) => string): string {
  const words = [
    ...(scope.actor === undefined ? [] : [t('heldActor', scope.actor)]),
    ...(scope.target === undefined ? [] : [t('heldTarget', scope.target)]),
    ...(scope.from === undefined ? [] : [t('heldFrom', time(scope.from))]),
    ...(scope.to === undefined ? [] : [t('heldTo', time(scope.to))]),
  ]
  return words.join(' · ') || t('heldEverything')
}
