/** An event to hand over: as a line of text, as JSON, as a link that opens the same view in a colleague's panel. */
import { type AuditEvent, actorLabel } from '../../../shared/audit-event.ts'
import { actionLabel } from '../../../shared/catalogue.ts'
import { failureOf } from '../../api/failure.ts'
import type { PanelState } from '../../state/panel-state.ts'
import { writeClipboard } from '../controls/clipboard.ts'
import { failureWords } from '../text/failure-words.ts'
import { outcomeLabel } from '../text/filter-words.ts'
import { fullTime } from '../text/time-words.ts'
import { t } from '../text/translate.ts'

/** Without an index the event that is open, else the active row's. */
export async function copyAsJson(panel: PanelState, index = currentIndex(panel)): Promise<void> {
  const event = await fetchEvent(panel, index)
  if (event) await writeClipboard(panel.notices, JSON.stringify(event, null, 2), t('copiedJson'))
}

export async function copyAsText(panel: PanelState, index = currentIndex(panel)): Promise<void> {
  const event = await fetchEvent(panel, index)
  if (event) await writeClipboard(panel.notices, lineOf(event, panel), t('copiedText'))
}

/** The filter in force and the event. */
export async function copyLink(panel: PanelState, index = currentIndex(panel)): Promise<void> {
  const link = panel.links.linkTo(panel.filter.written(), index)
  if (link !== null) await writeClipboard(panel.notices, link, t('copiedLink'))
}

export function currentIndex({ detail, list }: PanelState): number | null {
  const open = detail.state.peek()
  if (open.name !== 'closed') return open.index
  const active = list.active.peek()
  return active === null ? null : (list.rowAt(active)?.index ?? null)
}

async function fetchEvent({ detail, notices }: PanelState, index: number | null): Promise<AuditEvent | null> {
  if (index === null) return null
  try {
    const event = await detail.find(index)
    if (!event) notices.show(t('eventMissing'), { tone: 'problem' })
    return event
  } catch (error) {
    notices.show(failureWords(failureOf(error)).title, { tone: 'problem' })
    return null
  }
}

/** One line, whatever the event holds. */
function lineOf(event: AuditEvent, { settings }: PanelState): string {
  const { hours } = settings.settings.peek()
  const parts = [
    fullTime(Date.parse(event.occurredAt), settings.zone.peek(), hours),
    actorLabel(event.actor),
    actionLabel(event.action),
    event.targets.map(({ name, id }) => name ?? id).join(', '),
    outcomeLabel(event.outcome),
  ]
  return parts.filter(Boolean).join(' · ').replaceAll(/\s+/g, ' ')
}
