/** What the reader must know about the log they see: no longer signed in, offline, not to be trusted, clocks apart. */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { QuorumState } from '../../cache/witness-record.ts'
import { CopyButton } from '../controls/CopyButton.tsx'
import { Field } from '../controls/Field.tsx'
import { Icon, type IconName } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { failureDetails, failureWords } from '../text/failure-words.ts'
import { SafeText } from '../text/SafeText.tsx'
import { shortTime } from '../text/time-words.ts'
import { counted, t } from '../text/translate.ts'
import { missingNames } from '../trust/quorum-words.ts'

export function Banners() {
  const { session, sync, trust } = usePanel()
  const { phase } = sync.status.value
  const quorum = trust.quorum.value
  return (
    <>
      {session.expired.value && <Expired />}
      {phase === 'offline' && !session.expired.value && <Offline />}
      {phase === 'misbehaved' && trust.alarm.value === null && <Misbehaved />}
      {phase === 'failed' && sync.opened.value && <SyncFailed />}
      {quorum && quorum !== 'unknown' && !quorum.isMet && !trust.alarm.value && (
        <BelowQuorum quorum={quorum} />
      )}
      {sync.skewMs.value !== null && <ClockSkew offsetMs={sync.skewMs.value} />}
    </>
  )
}

interface BannerProps {
  tone: 'warn' | 'bad'
  icon: IconName
  title: string
  children?: ComponentChildren
  action?: ComponentChildren
}

function Banner({ tone, icon, title, children, action }: BannerProps) {
  return (
    <div class={`banner ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={icon} />
      <div class="banner-text">
        <span class="banner-title">{title}</span> {children}
      </div>
      {action}
    </div>
  )
}

/** Sign in again where you are: list and filter stay. */
function Expired() {
  const { session } = usePanel()
  const [password, setPassword] = useState('')
  const failure = session.reauthFailure.value
  const email = session.me.value?.email ?? ''
  return (
    <div class="banner warn" role="region" aria-label={t('signInAgain')}>
      <Icon name="lock" />
      <div class="banner-text">
        <p>
          <span class="banner-title">{t('expiredTitle')}</span> {t('expiredText')}
        </p>
        <form
          onSubmit={event => {
            event.preventDefault()
            void session.signInAgain(password).then(() => setPassword(''))
          }}
        >
          <input type="hidden" name="username" autocomplete="username" value={email} />
          <Field
            label={t('passwordOf', email)}
            type="password"
            autocomplete="current-password"
            required
            value={password}
            onValue={setPassword}
            problem={failure && failureWords(failure).title}
          />
          <button type="submit" class="button primary" disabled={session.busy.value || !password}>
            {t('signIn')}
          </button>
        </form>
      </div>
    </div>
  )
}

function Offline() {
  const { sync, settings } = usePanel()
  const { lastContact, complete, held } = sync.status.value
  const since = lastContact
    ? t(
        'offlineSince',
        shortTime(Date.parse(lastContact), settings.zone.value, settings.settings.value.hours),
      )
    : t('offlineNever')
  return (
    <Banner
      tone="warn"
      icon="offline"
      title={t('offlineTitle')}
      action={
        <button type="button" class="button small" onClick={sync.retry}>
          {t('retry')}
        </button>
      }
    >
      {since} {complete ? t('offlineWhole') : counted('offlinePart', held)}
    </Banner>
  )
}

function Misbehaved() {
  const { sync } = usePanel()
  const failure = sync.status.value.failure
  const words = failure ? failureWords(failure) : null
  return (
    <Banner tone="bad" icon="alert" title={words?.title ?? t('failMisbehaved')}>
      <p>{words?.advice ?? t('failMisbehavedDo')}</p>
      {failure && (
        <>
          <p>
            <SafeText text={failure.detail} />
          </p>
          <CopyButton
            text={() => failureDetails(failure)}
            label={t('copyDetails')}
            caption={t('copyDetails')}
          />
        </>
      )}
    </Banner>
  )
}

function SyncFailed() {
  const { sync } = usePanel()
  const failure = sync.status.value.failure
  if (!failure) return null
  const { title, advice } = failureWords(failure)
  return (
    <Banner
      tone="bad"
      icon="alert"
      title={title}
      action={
        <button type="button" class="button small" onClick={sync.retry}>
          {t('retry')}
        </button>
      }
    >
      {advice}
    </Banner>
  )
}

/** Nobody misbehaved, but less is proven than the administrator asks for. */
function BelowQuorum({ quorum }: { quorum: QuorumState }) {
  const { navigation } = usePanel()
  const { witnesses } = quorum
  const count = witnesses.filter(({ counts }) => counts).length
  return (
    <Banner
      tone="warn"
      icon="shield"
      title={t('belowQuorum')}
      action={
        navigation.view.value !== 'trust' && (
          <button type="button" class="button small" onClick={() => navigation.go('trust')}>
            {t('whatWasChecked')}
          </button>
        )
      }
    >
      <SafeText text={t('belowQuorumBanner', count, witnesses.length, missingNames(quorum))} />
    </Banner>
  )
}

function ClockSkew({ offsetMs }: { offsetMs: number }) {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000)
  const words = offsetMs > 0 ? 'skewBehind' : 'skewAhead'
  return (
    <Banner tone="warn" icon="clock" title={t('skewTitle')}>
      {counted(words, minutes)}
    </Banner>
  )
}
