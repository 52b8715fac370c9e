/** The older sibling (Invicti Enterprise, Acunetix 360): `GET /api/1.0/auditlogs/list` with HTTP Basic. */
import type { JsonObject } from '../../shared/json.ts'
import { platformEvent } from '../intake/platform-record.ts'
import type { Connector, ListedPage } from './connector.ts'
import { listIn, wholeNumber } from './read-page.ts'

export const invictiEnterprise: Connector = {
  headers: ({ key, userId }) => ({
    authorization: `Basic ${Buffer.from(`${userId ?? ''}:${key}`).toString('base64')}`,
  }),
  path({ page, size, sinceMs }) {
    const since = sinceMs === null ? '' : `&startDate=${encodeURIComponent(monthFirst(sinceMs))}`
    return `/api/1.0/auditlogs/list?page=${page}&pageSize=${size}${since}`
  },
  read(answer: JsonObject): ListedPage | null {
    const items = listIn(answer, ['List', 'list', 'items'])
    return items && { items, total: wholeNumber(answer.TotalItemCount), size: wholeNumber(answer.PageSize) }
  },
  event: (item, source) => platformEvent(item, { source }),
  countsSince: true,
  needsUserId: true,
}

/** `MM/dd/yyyy HH:mm:ss`, in UTC. */
function monthFirst(ms: number): string {
  const iso = new Date(ms).toISOString()
  return `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`
}
