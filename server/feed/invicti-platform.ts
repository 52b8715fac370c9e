/** `GET /api/identity/v1/audit/list`. Order, largest page and further fields are published nowhere, so none is assumed. */
import type { JsonObject } from '../../shared/json.ts'
import { isObject } from '../intake/json-shape.ts'
import { platformEvent } from '../intake/platform-record.ts'
import type { Connector, ListedPage } from './connector.ts'
import { listIn, wholeNumber } from './read-page.ts'

export const invictiPlatform: Connector = {
  headers: ({ key }) => ({ 'x-auth': key }),
  path: ({ page, size }) => `/api/identity/v1/audit/list?pageSize=${size}&pageNumber=${page}`,
  read(answer: JsonObject): ListedPage | null {
    const items = listIn(answer, ['items', 'records', 'data', 'results', 'entries', 'List'])
    if (!items) return null
    const info = [answer.pageInfo, answer.paging, answer.pagination].find(isObject) ?? answer
    return { items, total: wholeNumber(info.totalCount ?? info.total), size: wholeNumber(info.pageSize) }
  },
  event: (item, source) => platformEvent(item, { source }),
  countsSince: false,
  needsUserId: false,
}
