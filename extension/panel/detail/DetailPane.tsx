/** One event in full: a sentence first, then what changed, then all the rest. */
import { useEffect, useRef } from 'preact/hooks'
import type { DetailState } from '../../state/detail-model.ts'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Icon } from '../controls/Icon.tsx'
import { CopyEventButton } from '../copy/CopyEventButton.tsx'
import { usePanel } from '../panel-context.ts'
import { formatCount, t } from '../text/translate.ts'
import { EventDetail } from './EventDetail.tsx'

export function DetailPane() {
  const { detail } = usePanel()
  const state = detail.state.value
  const body = useRef<HTMLDivElement>(null)
  const pane = useRef<HTMLElement>(null)
  const index = 'index' in state ? state.index : null
  useEffect(() => pane.current?.focus(), [])
  useEffect(() => body.current?.scrollTo?.(0, 0), [index])
  return (
    <section ref={pane} class="detail-pane" aria-label={t('eventDetails')} tabIndex={-1}>
      <DetailBar />
      <div ref={body} class="detail-body">
        <DetailContent state={state} />
      </div>
    </section>
  )
}

function DetailBar() {
  const { detail, list } = usePanel()
  const state = detail.state.value
  const at = detail.offset.value
  const total = list.listing.value?.total ?? 0
  return (
    <div class="detail-bar">
      <button type="button" class="quiet-button" onClick={detail.close} aria-label={t('backToList')}>
        <Icon name="back" class="detail-back" />
        <Icon name="close" class="detail-close" />
      </button>
      <span class="detail-place">{at !== null && t('placeOf', formatCount(at + 1), formatCount(total))}</span>
      {state.name === 'open' && <CopyEventButton index={state.index} />}
      <button
        type="button"
        class="quiet-button"
        aria-label={t('newer')}
        title={t('newer')}
        disabled={at === null || at === 0}
        onClick={() => void detail.step(-1)}
      >
        <Icon name="up" />
      </button>
      <button
        type="button"
        class="quiet-button"
        aria-label={t('older')}
        title={t('older')}
        disabled={at === null || at >= total - 1}
        onClick={() => void detail.step(1)}
      >
        <Icon name="down" />
      </button>
    </div>
  )
}

function DetailContent({ state }: { state: DetailState }) {
  const { detail } = usePanel()
  switch (state.name) {
    case 'open':
      return <EventDetail event={state.event} />
    case 'failed':
      return <FailureNote failure={state.failure} onRetry={detail.retry} />
    case 'missing':
      return (
        <div class="note warn" role="alert">
          <Icon name="alert" />
          <div class="note-body">
            <p class="note-title">{t('eventMissing')}</p>
            <p>{t('eventMissingText')}</p>
            <div class="note-actions">
              <button type="button" class="button small" onClick={detail.retry}>
                {t('retry')}
              </button>
            </div>
          </div>
        </div>
      )
    default:
      return (
        <div class="detail-loading" role="status" aria-label={t('loadingEvent')}>
          <span class="bone" />
          <span class="bone" />
          <span class="bone" />
        </div>
      )
  }
}
