/** A new source, or the settings of one: with a test that says what is wrong before anything is kept. */
import { useState } from 'preact/hooks'
import type { Source, SourceKind, SourceSettings, SourceTest } from '../../../shared/sources.ts'
import type { Tried } from '../../state/source-model.ts'
import type { Failure } from '../../worker/protocol.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Field } from '../controls/Field.tsx'
import { Icon } from '../controls/Icon.tsx'
import { Segments } from '../controls/Segments.tsx'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { troubleWords } from '../text/source-words.ts'
import { counted, t } from '../text/translate.ts'
import { useTime } from '../text/use-time.ts'
import { IntervalField } from './IntervalField.tsx'
import { changeOf, draftOf, newSourceOf, type SourceDraft } from './source-draft.ts'

export function SourceDialog({ source, onClose }: { source: Source | null; onClose: () => void }) {
  const { sources } = usePanel()
  const [draft, setDraft] = useState(() => draftOf(source))
  const [tried, setTried] = useState<Tried | 'asking' | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const set = (change: Partial<SourceDraft>) => {
    setDraft({ ...draft, ...change })
    setTried(null)
  }
  const isReady =
    draft.name.trim() !== '' &&
    draft.baseUrl.trim() !== '' &&
    (source !== null || draft.key.trim() !== '') &&
    (draft.kind === 'invicti-platform' || draft.userId.trim() !== '')
  const test = async () => {
    setFailure(null)
    setTried('asking')
    setTried(
      source
        ? await sources.testChanged(source.id, changeOf(draft, source))
        : await sources.test(newSourceOf(draft)),
    )
  }
  const submit = async () => {
    const problem = source
      ? await sources.change(source.id, changeOf(draft, source))
      : await sources.add(newSourceOf(draft))
    if (problem) setFailure(problem)
    else onClose()
  }
  const isBusy = sources.busy.value
  return (
    <Dialog
      title={source ? t('editSource') : t('addSource')}
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <button
            type="button"
            class="button first"
            disabled={!isReady || isBusy}
            onClick={() => void test()}
          >
            {t('testConnection')}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" class="button primary" disabled={!isReady || isBusy}>
            {source ? t('save') : t('addSource')}
          </button>
        </>
      }
    >
      <SourceFields draft={draft} isNew={source === null} set={set} />
      <MoreFields draft={draft} set={set} settings={source?.settings ?? null} />
      {tried === 'asking' && (
        <p class="hint" role="status">
          <span class="spinner" /> {t('testing')}
        </p>
      )}
      {tried && tried !== 'asking' && <TestNote tried={tried} />}
      {failure && <FailureNote failure={failure} />}
    </Dialog>
  )
}

interface FieldsProps {
  draft: SourceDraft
  set(change: Partial<SourceDraft>): void
}

function SourceFields({ draft, isNew, set }: FieldsProps & { isNew: boolean }) {
  const isPlatform = draft.kind === 'invicti-platform'
  return (
    <>
      {isNew && (
        <Segments<SourceKind>
          label={t('sourceKind')}
          value={draft.kind}
          options={[
            ['invicti-platform', t('sourceKindPlatform')],
            ['invicti-enterprise', t('sourceKindEnterprise')],
          ]}
          onValue={kind => set({ kind })}
        />
      )}
      <Field label={t('name')} required maxLength={80} value={draft.name} onValue={name => set({ name })} />
      <Field
        label={t('sourceUrl')}
        type="url"
        inputMode="url"
        required
        spellcheck={false}
        hint={t('sourceUrlHint')}
        value={draft.baseUrl}
        onValue={baseUrl => set({ baseUrl })}
      />
      {!isPlatform && (
        <Field
          label={t('sourceUser')}
          required
          spellcheck={false}
          hint={t('sourceUserHint')}
          value={draft.userId}
          onValue={userId => set({ userId })}
        />
      )}
      <Field
        label={isPlatform ? t('sourceKey') : t('sourceToken')}
        type="password"
        autocomplete="off"
        required={isNew}
        hint={isNew ? t('sourceKeyHint') : t('sourceKeyKept')}
        value={draft.key}
        onValue={key => set({ key })}
      />
      <IntervalField
        seconds={draft.intervalSeconds}
        onSeconds={intervalSeconds => set({ intervalSeconds })}
      />
      {isNew && (
        <Field
          label={t('sourceStart')}
          type="date"
          hint={t('sourceStartHint')}
          value={draft.startDate}
          onValue={startDate => set({ startDate })}
        />
      )}
    </>
  )
}

/** What most need not: open where something of it is set. */
function MoreFields({ draft, set, settings }: FieldsProps & { settings: SourceSettings | null }) {
  const isSet =
    settings !== null && (settings.certificateAuthority ?? settings.proxy ?? settings.usersPath) !== null
  return (
    <details class="source-more" open={isSet}>
      <summary>{t('sourceMore')}</summary>
      <Field
        label={t('sourceCa')}
        lines={4}
        hint={t('sourceCaHint')}
        value={draft.certificateAuthority}
        onValue={certificateAuthority => set({ certificateAuthority })}
      />
      <Field
        label={t('sourceProxy')}
        spellcheck={false}
        hint={t('sourceProxyHint')}
        value={draft.proxy}
        onValue={proxy => set({ proxy })}
      />
      <Field
        label={t('sourceUsersPath')}
        spellcheck={false}
        value={draft.usersPath}
        onValue={usersPath => set({ usersPath })}
      />
      <Field
        label={t('sourceTargetsPath')}
        spellcheck={false}
        hint={t('sourcePathHint')}
        value={draft.targetsPath}
        onValue={targetsPath => set({ targetsPath })}
      />
    </details>
  )
}

function TestNote({ tried }: { tried: Tried }) {
  if ('failure' in tried) return <FailureNote failure={tried.failure} />
  const { trouble, warnings } = tried.result
  return (
    <>
      {trouble ? <TroubleNote tone="bad" trouble={trouble} /> : <WorksNote result={tried.result} />}
      {warnings.map(warning => (
        <TroubleNote key={warning.detail} tone="warn" trouble={warning} />
      ))}
    </>
  )
}

function WorksNote({ result: { total, newest } }: { result: SourceTest }) {
  const time = useTime()
  return (
    <div class="note" role="status">
      <Icon name="success" />
      <div class="note-body">
        <p class="note-title">{t('testWorks')}</p>
        <p>
          {total === null ? t('testNoCount') : counted('testCount', total)}{' '}
          {newest && t('testNewest', time(newest))}
        </p>
      </div>
    </div>
  )
}

function TroubleNote({
  tone,
  trouble,
}: {
  tone: 'bad' | 'warn'
  trouble: NonNullable<SourceTest['trouble']>
}) {
  const { title, advice } = troubleWords(trouble)
  return (
    <div class={`note ${tone}`} role="alert">
      <Icon name="alert" />
      <div class="note-body">
        <p class="note-title">{title}</p>
        <p>{advice}</p>
        <p class="note-small">
          <code>
            <SafeText text={trouble.detail} max={200} />
          </code>
        </p>
      </div>
    </div>
  )
}
