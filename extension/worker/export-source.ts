/** What an export reads: the log held here where it is whole, else the server's pages. */
import type { AuditEvent } from '../../shared/audit-event.ts'
import type { Position } from '../../shared/event-index/event-index.ts'
import { createHasher } from '../../shared/log/hasher.ts'
import type { ExportPage, ExportSource } from '../export/export-desk.ts'
import { createProver } from '../export/prover.ts'
import type { LogSession } from './log-session.ts'
import type { View } from './protocol.ts'
import type { ServerLog } from './server-log.ts'

export function createExportSource(log: LogSession, server: ServerLog): ExportSource {
  const { local, client, session, store } = log
  const { scope } = local

  function witnessed() {
    const trust = log.status().trust
    if (!trust?.seen) return null
    const { pinned, seen, quorum } = trust
    const isAsked = quorum?.policy === session.quorum && quorum?.isMet
    return { keys: pinned, seen, cosigned: isAsked ? quorum.checkpoint : null }
  }

  async function localPage(view: View, after: Position | null, limit: number): Promise<ExportPage> {
    const { filter, size } = view
    const page = local.index.page(filter, scope, { after, limit, size })
    const events: AuditEvent[] = []
    for (const place of page.indexes) {
      const event = (await local.event(place)) ?? (await server.event(place))
      if (event) events.push(event)
    }
    return { events, next: page.next && { from: 'cache', after: page.next } }
  }

  async function serverPage(view: View, cursor: string | null, limit: number): Promise<ExportPage> {
    const { events, nextCursor } = await server.page(view, cursor, limit)
    return { events, next: nextCursor === null ? null : { from: 'server', cursor: nextCursor } }
  }

  return {
    async total(view) {
      if (local.isComplete(view.size)) return local.index.total(view.filter, scope, { size: view.size })
      return server.total(view)
    },
    page(view, place, limit) {
      const here = place ? place.from === 'cache' : local.isComplete(view.size)
      if (here) return localPage(view, place?.from === 'cache' ? place.after : null, limit)
      return serverPage(view, place?.from === 'server' ? place.cursor : null, limit)
    },
    record: record => client.recordExport(record),
    async facts() {
      const { id, name, email, workspace } = await client.me()
      const createdBy = { id, name, email }
      return { createdBy, workspace, server: session.server, personal: scope.personal }
    },
    prover: () => createProver({ store, client, hasher: createHasher(), witnessed }),
  }
}
