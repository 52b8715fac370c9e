/** Nothing to show, and why: an empty workspace, one that could not be fed, or filters that leave nothing over. */
import type { ComponentChildren } from 'preact'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Icon, type IconName } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { chipWords, dateWords } from '../text/filter-words.ts'
import { SafeText } from '../text/SafeText.tsx'
import { troubleWords } from '../text/source-words.ts'
import { counted, rich, t } from '../text/translate.ts'
import { Skeleton } from './Skeleton.tsx'

export function EmptyLog() {
  const { filter, list, sync } = usePanel()
  const { size, lastContact, phase } = sync.status.value
  if (filter.isEmpty.value) {
    if (size > 0 || phase === 'opening' || phase === 'loading') return <Skeleton />
    return lastContact === null ? <NeverAsked /> : <EmptyAsFarAsKnown />
  }
  return list.listing.value?.exact === false ? <NothingHeld /> : <NothingMatches />
}

/** Nothing is held here and no server has answered: that is no empty log. */
function NeverAsked() {
  const { sync } = usePanel()
  const failure = sync.status.value.failure ?? { kind: 'unreachable', code: 'no_answer', detail: '' }
  return (
    <div class="blank">
      <FailureNote failure={failure} onRetry={sync.retry} />
    </div>
  )
}

/** The server holds nothing: because nothing happened, or because its sources could not be asked. */
function EmptyAsFarAsKnown() {
  const { sources } = usePanel()
  const troubled = sources.troubled.value
  if (sources.unknown.value)
    return <NotKnown icon="alert" title={t('emptyUnknownTitle')} text={t('feedUnknown')} />
  const failing = troubled.find(({ state }) => state === 'failing')
  if (failing) {
    const words = failing.trouble && troubleWords(failing.trouble)
    return (
      <NotKnown icon="alert" title={t('emptyFailingTitle')} text={t('emptyFailingText')}>
        {words && (
          <p>
            <strong>{words.title}.</strong> {words.advice}
          </p>
        )}
      </NotKnown>
    )
  }
  if (troubled.some(({ state }) => state === 'walking' || state === 'waiting' || state === 'behind'))
    return <NotKnown icon="clock" title={t('emptyWalkingTitle')} text={t('emptyWalkingText')} />
  return <EmptyWorkspace />
}

interface NotKnownProps {
  icon: IconName
  title: string
  text: string
  children?: ComponentChildren
}

function NotKnown({ icon, title, text, children }: NotKnownProps) {
  return (
    <div class="blank">
      <Icon name={icon} class="blank-icon" />
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </div>
  )
}

function EmptyWorkspace() {
  const { session } = usePanel()
  return (
    <div class="blank">
      <Icon name="clock" class="blank-icon" />
      <h2>{t('emptyTitle')}</h2>
      <p>{t('emptyText')}</p>
      <p class="hint">{rich('emptyHint', <code>{session.server.value}</code>)}</p>
    </div>
  )
}

function NothingMatches() {
  const { removed } = usePanel().sync.status.value
  return (
    <div class="blank">
      <Icon name="search" class="blank-icon" />
      <h2>{t('noMatchTitle')}</h2>
      <p>{t('noMatchText')}</p>
      {removed > 0 && <p>{counted('noMatchRemoved', removed)}</p>}
      <Culprits />
    </div>
  )
}

/** Offline, with a part of the log only: nothing found here is not nothing there. */
function NothingHeld() {
  const { sync } = usePanel()
  return (
    <div class="blank">
      <Icon name="offline" class="blank-icon" />
      <h2>{t('noneHeldTitle')}</h2>
      <p>{t('noneHeldText', sync.status.value.held, sync.status.value.size)}</p>
      <Culprits>
        <button type="button" class="button" onClick={sync.retry}>
          <Icon name="refresh" />
          {t('retry')}
        </button>
      </Culprits>
    </div>
  )
}

/** Each filter by name with a way to drop it, then the broader ways out. */
function Culprits({ children }: { children?: ComponentChildren }) {
  const { filter, names, settings, query } = usePanel()
  const { hours } = settings.settings.value
  const dates = dateWords(filter.chosenDates.value, filter.range.value, settings.zone.value, hours)
  const typed = filter.text.value.trim()
  return (
    <>
      <ul class="culprits" aria-label={t('filtersInForce')}>
        {typed && <Culprit words={t('chipIs', t('search'), typed)} drop={() => query.type('')} />}
        {filter.chips.value.map(chip => (
          <Culprit
            key={`${chip.part} ${chip.value}`}
            words={chipWords(chip, names)}
            drop={() => filter.remove(chip.part, chip.value)}
          />
        ))}
        {dates && <Culprit words={t('chipIs', t('partDate'), dates)} drop={filter.anyDate} />}
      </ul>
      <div class="button-row center">
        {children}
        {dates && (
          <button type="button" class="button" onClick={filter.anyDate}>
            {t('widenDates')}
          </button>
        )}
        <button type="button" class="button primary" onClick={filter.clear}>
          {t('clearAllFilters')}
        </button>
      </div>
    </>
  )
}

function Culprit({ words, drop }: { words: string; drop: () => void }) {
  return (
    <li>
      <span class="culprit-words">
        <SafeText text={words} max={120} />
      </span>
      <button
        type="button"
        class="link-button"
        onClick={drop}
        aria-label={t('removeChip', words.slice(0, 120))}
      >
        {t('remove')}
      </button>
    </li>
  )
}
