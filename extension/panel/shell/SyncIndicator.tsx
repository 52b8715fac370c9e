/** How the connection is: a dot and a word; more on request. */
import type { SyncPhase, SyncStatus } from '../../worker/protocol.ts'
import { PopoverButton } from '../controls/Popover.tsx'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { shortTime } from '../text/time-words.ts'
import { formatCount, type MessageKey, t } from '../text/translate.ts'

type Tone = 'good' | 'busy' | 'warn' | 'bad'

const words: Record<SyncPhase, readonly [Tone, MessageKey]> = {
  closed: ['busy', 'phaseOpening'],
  opening: ['busy', 'phaseOpening'],
  loading: ['busy', 'phaseLoading'],
  syncing: ['busy', 'phaseSyncing'],
  live: ['good', 'phaseLive'],
  offline: ['warn', 'phaseOffline'],
  expired: ['warn', 'phaseExpired'],
  forbidden: ['bad', 'phaseForbidden'],
  misbehaved: ['bad', 'phaseMisbehaved'],
  failed: ['bad', 'phaseFailed'],
}

const restored: readonly [Tone, MessageKey] = ['warn', 'phaseRestored']

export function SyncIndicator() {
  const { sync } = usePanel()
  const status = sync.status.value
  // A restore to be decided about accuses nobody.
  const [tone, key] = status.trust?.alarm?.epoch ? restored : words[status.phase]
  return (
    <PopoverButton
      label={t('connectionIs', t(key))}
      title={t('connection')}
      class={`quiet-button sync ${tone}`}
      button={
        <>
          <span class="sync-dot" />
          <span class="sync-word">{t(key)}</span>
        </>
      }
    >
      {() => <SyncDetails status={status} />}
    </PopoverButton>
  )
}

function SyncDetails({ status }: { status: SyncStatus }) {
  const { sync, session, settings } = usePanel()
  const contact = status.lastContact
  const hours = settings.settings.value.hours
  return (
    <div class="popover-body">
      <dl class="facts">
        <dt>{t('server')}</dt>
        <dd>
          <SafeText text={session.server.value ?? ''} />
        </dd>
        <dt>{t('inTheLog')}</dt>
        <dd>{formatCount(status.size)}</dd>
        <dt>{t('heldHere')}</dt>
        <dd>
          {formatCount(status.held)} {status.complete && <span class="text-good">{t('complete')}</span>}
        </dd>
        {status.removed > 0 && (
          <>
            <dt>{t('removedByRetention')}</dt>
            <dd>{formatCount(status.removed)}</dd>
          </>
        )}
        <dt>{t('lastContact')}</dt>
        <dd>{contact ? shortTime(Date.parse(contact), settings.zone.value, hours) : t('never')}</dd>
      </dl>
      <progress
        class="coverage"
        aria-label={t('heldHere')}
        max={Math.max(1, status.size - status.removed)}
        value={Math.min(status.held, Math.max(1, status.size - status.removed))}
      />
      {status.damaged > 0 && <p class="hint">{t('damaged', status.damaged)}</p>}
      <button type="button" class="button small" onClick={sync.retry}>
        {t('syncNow')}
      </button>
    </div>
  )
}
