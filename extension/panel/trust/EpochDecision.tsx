/**
 * The log was restored from a backup and goes on under another name: calmer than an alarm, since all of it is in order,
 * and yet nothing newer is shown until a person has decided.
 */
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { LogKeys } from '../../../shared/api.ts'
import type { EpochOffer, Evidence } from '../../cache/witness-record.ts'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { failureWords } from '../text/failure-words.ts'
import { SafeText } from '../text/SafeText.tsx'
import { counted, formatCount, t } from '../text/translate.ts'
import { useTimes } from './use-times.ts'

interface EpochDecisionProps {
  alarm: Evidence
  epoch: EpochOffer
}

export function EpochDecision({ alarm, epoch }: EpochDecisionProps) {
  const { trust } = usePanel()
  return trust.staysWith.value === epoch.keys.log ? <Staying /> : <Question alarm={alarm} epoch={epoch} />
}

/** Whoever keeps the old log is reminded of it, in one line. */
function Staying() {
  const { trust } = usePanel()
  return (
    <section class="alarm decision slim" aria-label={t('epochTitle')}>
      <Icon name="clock" />
      <p>{t('epochStaying')}</p>
      <button type="button" class="button" onClick={() => trust.stayWith(null)}>
        {t('epochDecide')}
      </button>
    </section>
  )
}

function Question({ alarm, epoch }: EpochDecisionProps) {
  const { trust } = usePanel()
  const box = useRef<HTMLElement>(null)
  const [titleId, textId] = [useId(), useId()]
  useEffect(() => box.current?.focus(), [epoch.keys.log])
  const failure = trust.failure.value
  return (
    <section
      ref={box}
      class="alarm decision"
      role="alertdialog"
      aria-labelledby={titleId}
      aria-describedby={textId}
      tabIndex={-1}
    >
      <Icon name="clock" />
      <div class="alarm-body">
        <h2 id={titleId}>{t('epochTitle')}</h2>
        <div id={textId}>
          <Losses epoch={epoch} />
          <p>{t('epochMeans', formatCount(epoch.kept))}</p>
        </div>
        <Logs before={alarm.pinned} after={epoch.keys} reason={epoch.reason} />
        {failure && <p class="problem">{failureWords(failure).title}</p>}
        <Actions alarm={alarm} epoch={epoch} />
      </div>
    </section>
  )
}

/** One place, or the first and the last. */
function placesOf({ from, to }: { from: number; to: number }): string {
  return to - from === 1 ? formatCount(from) : `${formatCount(from)} – ${formatCount(to - 1)}`
}

function Losses({ epoch }: { epoch: EpochOffer }) {
  const { lost, backupAt, provenTo } = epoch
  const time = useTimes()
  const what = lost ? counted('epochLost', lost.to - lost.from, placesOf(lost)) : t('epochNothingLost')
  return (
    <>
      <p>
        <strong>
          {t('epochBackupOf', time(backupAt))} {what}
        </strong>
      </p>
      <p>{provenTo > 0 ? counted('epochProven', provenTo) : t('epochUnproven')}</p>
    </>
  )
}

function Logs({ before, after, reason }: { before: LogKeys; after: LogKeys; reason: string }) {
  return (
    <>
      <dl class="facts">
        <dt>{t('epochReason')}</dt>
        <dd>
          <SafeText text={reason} />
        </dd>
      </dl>
      <details>
        <summary>{t('epochKeys')}</summary>
        <dl class="facts">
          <LogFacts title={t('logBefore')} keys={before} />
          <LogFacts title={t('logNow')} keys={after} />
        </dl>
      </details>
    </>
  )
}

function LogFacts({ title, keys }: { title: string; keys: LogKeys }) {
  return (
    <>
      <dt>{title}</dt>
      <dd class="mono">
        <SafeText text={keys.log} max={Number.POSITIVE_INFINITY} />
      </dd>
    </>
  )
}

function Actions({ alarm, epoch }: EpochDecisionProps) {
  const { trust, navigation } = usePanel()
  const [isTold, setTold] = useState(false)
  const isPolicy = alarm.pinned.by === 'policy'
  return (
    <>
      {isPolicy ? (
        <p>{t('epochPolicy')}</p>
      ) : (
        <label class="choice">
          <input type="checkbox" checked={isTold} onChange={event => setTold(event.currentTarget.checked)} />
          <span>{t('epochTold')}</span>
        </label>
      )}
      <div class="alarm-actions">
        {!isPolicy && (
          <button
            type="button"
            class="button primary"
            disabled={!isTold || trust.busy.value}
            onClick={() => void trust.acceptLog(epoch.keys.log)}
          >
            {t('epochAccept')}
          </button>
        )}
        <button type="button" class="button" onClick={() => trust.stayWith(epoch.keys.log)}>
          {t('epochStay')}
        </button>
        <button type="button" class="button" onClick={() => trust.saveEvidence(alarm)}>
          <Icon name="export" />
          {t('saveEvidence')}
        </button>
        <button type="button" class="button" onClick={() => navigation.go('trust')}>
          {t('whatWasChecked')}
        </button>
      </div>
    </>
  )
}
