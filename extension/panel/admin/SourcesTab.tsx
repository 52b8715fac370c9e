import { useState } from 'preact/hooks'
import type { Source } from '../../../shared/sources.ts'
import { isWhole } from '../../state/source-model.ts'
import type { Failure } from '../../worker/protocol.ts'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Icon, type IconName } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { statusWords, troubleWords } from '../text/source-words.ts'
import { counted, t } from '../text/translate.ts'
import { useTime } from '../text/use-time.ts'
import { AdminList } from './AdminList.tsx'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import { SourceDialog } from './SourceDialog.tsx'

export function SourcesTab() {
  const { sources } = usePanel()
  const [editing, setEditing] = useState<Source | 'new' | null>(null)
  const [removing, setRemoving] = useState<Source | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const act = async (source: Source, verb: 'pause' | 'resume' | 'run') =>
    setFailure(await sources.act(source.id, verb))
  return (
    <>
      {failure && <FailureNote failure={failure} />}
      <AdminList
        list={sources.managed.value}
        label={t('sources')}
        addLabel={t('addSource')}
        none={t('noSources')}
        onAdd={() => setEditing('new')}
        onRetry={() => void sources.load()}
      >
        {source => (
          <SourceItem
            key={source.id}
            source={source}
            onEdit={() => setEditing(source)}
            onRemove={() => setRemoving(source)}
            onAct={verb => void act(source, verb)}
          />
        )}
      </AdminList>
      {editing && (
        <SourceDialog source={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
      {removing && (
        <ConfirmDialog
          title={t('removeSource')}
          text={t('removeSourceText', removing.name)}
          confirm={t('removeSource')}
          run={() => sources.remove(removing.id)}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  )
}

interface SourceItemProps {
  source: Source
  onEdit(): void
  onRemove(): void
  onAct(verb: 'pause' | 'resume' | 'run'): void
}

function SourceItem({ source, onEdit, onRemove, onAct }: SourceItemProps) {
  const { name, settings, state } = source
  return (
    <li class="admin-item">
      <div class="admin-words">
        <p class="admin-name">
          <SafeText text={name} max={80} />
        </p>
        <p class="admin-sub">
          <SafeText text={settings.baseUrl} max={200} />
        </p>
        <SourceStanding source={source} />
        {settings.fromFile && <p class="admin-sub">{t('sourceFromFile')}</p>}
        <div class="button-row">
          {state === 'paused' ? (
            <button
              type="button"
              class="button small"
              onClick={() => onAct('resume')}
              aria-label={t('resumeNamed', name)}
            >
              {t('sourceResume')}
            </button>
          ) : (
            <>
              <button
                type="button"
                class="button small"
                onClick={() => onAct('run')}
                aria-label={t('runNamed', name)}
              >
                {t('sourceRun')}
              </button>
              <button
                type="button"
                class="button small"
                onClick={() => onAct('pause')}
                aria-label={t('pauseNamed', name)}
              >
                {t('sourcePause')}
              </button>
            </>
          )}
          {!settings.fromFile && (
            <>
              <button type="button" class="button small" onClick={onEdit} aria-label={t('editNamed', name)}>
                {t('edit')}
              </button>
              <button
                type="button"
                class="button small danger"
                onClick={onRemove}
                aria-label={t('removeNamed', name)}
              >
                {t('remove')}
              </button>
            </>
          )}
        </div>
      </div>
    </li>
  )
}

const icons: Record<Source['state'], IconName> = {
  caught_up: 'success',
  walking: 'clock',
  behind: 'clock',
  waiting: 'clock',
  paused: 'denied',
  failing: 'alert',
}

/** The status line, with everything that is not as it should be below it. */
function SourceStanding({ source }: { source: Source }) {
  const time = useTime()
  const { state, taken, total, trouble, nextAttemptAt, gap, unreadable, clockSkewMs, settings } = source
  const tone = state === 'failing' ? 'bad' : isWhole(source) ? 'good' : 'warn'
  const isTroubled = trouble !== null && state !== 'paused'
  return (
    <>
      <p class={`source-state ${tone}`}>
        <Icon name={icons[state]} />
        <span>{statusWords(source, time)}</span>
      </p>
      {state === 'walking' && total !== null && (
        <progress
          class="coverage"
          aria-label={t('sourceProgress', source.name)}
          max={Math.max(1, total)}
          value={taken}
        />
      )}
      {isTroubled && (
        <p class="admin-sub">
          {state !== 'failing' && `${troubleWords(trouble).title}. `}
          {troubleWords(trouble).advice} <code class="source-detail">{trouble.detail}</code>
        </p>
      )}
      {gap && <p class="admin-sub">{counted('sourceGap', gap.missing)}</p>}
      {unreadable.count > 0 && (
        <p class="admin-sub">
          {counted('sourceUnreadable', unreadable.count)}{' '}
          {unreadable.reason && <code class="source-detail">{unreadable.reason}</code>}
        </p>
      )}
      {clockSkewMs !== null && (
        <p class="admin-sub">{t('sourceClock', Math.round(Math.abs(clockSkewMs) / 60_000))}</p>
      )}
      {settings.namesTrouble && (
        <p class="admin-sub">
          {t('sourceNames', troubleWords(settings.namesTrouble).title)}{' '}
          <code class="source-detail">{settings.namesTrouble.detail}</code>
        </p>
      )}
      {state !== 'walking' && <p class="admin-sub">{counted('sourceEntries', taken)}</p>}
      {isTroubled && nextAttemptAt && <p class="admin-sub">{t('sourceNext', time(nextAttemptAt))}</p>}
    </>
  )
}
