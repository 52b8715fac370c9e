/** One event: when, who, what, on what, and how it ended. */

import type { ComponentChildren } from 'preact'
import { actionLabel } from '../../../shared/catalogue.ts'
import type { Row } from '../../../shared/event-index/event-index.ts'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { clockTime, fullTime, relativeTime } from '../text/time-words.ts'
import { ActorName } from './ActorName.tsx'
import { rowId } from './grid-cursor.ts'
import { OutcomeMark } from './OutcomeMark.tsx'
import { TargetName } from './TargetName.tsx'

interface EventRowProps {
  offset: number
  /** Absent while its page is being fetched. */
  row: Row | undefined
  top: number
  isActive: boolean
  onChoose(offset: number): void
  onMenu(offset: number): void
}

export function EventRow({ offset, row, top, isActive, onChoose, onMenu }: EventRowProps) {
  const classes = ['event-row', row?.outcome ?? 'waiting', isActive ? 'active' : '']
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the focus, names its active row and hears the keys
    <div
      id={rowId(offset)}
      class={classes.join(' ')}
      role="row"
      aria-rowindex={offset + 1}
      aria-selected={isActive}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onChoose(offset)}
      onContextMenu={event => {
        if (!row) return
        event.preventDefault()
        onMenu(offset)
      }}
    >
      {row ? <RowCells row={row} /> : <WaitingCells />}
    </div>
  )
}

function Cell({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class={`cell-${name}`} role="gridcell">
      {children}
    </div>
  )
}

function RowCells({ row }: { row: Row }) {
  return (
    <>
      <Cell name="time">
        <RowTime ms={row.occurredAt} />
      </Cell>
      <Cell name="actor">
        <ActorName type={row.actor.type} label={row.actor.label} />
      </Cell>
      <Cell name="action">
        <SafeText text={actionLabel(row.action)} max={160} />
      </Cell>
      <Cell name="target">
        <TargetName targets={row.targets} />
      </Cell>
      <Cell name="outcome">
        <OutcomeMark outcome={row.outcome} />
      </Cell>
    </>
  )
}

function RowTime({ ms }: { ms: number }) {
  const { settings, clock } = usePanel()
  const { times, hours } = settings.settings.value
  const zone = settings.zone.value
  const full = fullTime(ms, zone, hours)
  const shown = times === 'relative' ? relativeTime(ms, clock.now.value) : clockTime(ms, zone, hours)
  return (
    <time dateTime={new Date(ms).toISOString()} title={full}>
      <span aria-hidden="true">{shown}</span>
      <span class="visually-hidden">{full}</span>
    </time>
  )
}

function WaitingCells() {
  return (
    <Cell name="waiting">
      <span class="bone" />
    </Cell>
  )
}
