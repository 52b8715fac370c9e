/** The way to one source while it is pulled: its key opened, its transport kept, its end no failure of the source. */
import type { JsonObject } from '../../shared/json.ts'
import type { SourceKind } from '../../shared/sources.ts'
import { type AskedSource, askJson, askPage, type PageAnswer } from './ask.ts'
import type { PageRequest } from './connector.ts'
import { type SourceRow, unseal } from './settings.ts'
import type { OpenTransport, Transport } from './transport.ts'

export interface Connection {
  /** @throws {FeedError} */
  askPage(request: PageRequest): Promise<PageAnswer>
  /** @throws {FeedError} */
  askJson(path: string): Promise<JsonObject>
  /** Breaks off what is under way. */
  close(): Promise<void>
}

/** Opens nothing before the first question. */
export function createConnection(
  row: SourceRow,
  { secret, openTransport }: { secret: string; openTransport: OpenTransport },
): Connection {
  let transport: Transport | null = null
  let isClosing = false

  async function through<T>(ask: (source: AskedSource, transport: Transport) => Promise<T>): Promise<T> {
    const { key, proxy } = unseal(secret, row)
    transport ??= openTransport({ certificateAuthority: row.certificateAuthority, proxy })
    const { baseUrl, userId } = row
    const source = {
      kind: row.kind as SourceKind,
      baseUrl,
      isProxied: proxy !== null,
      credentials: { key, userId },
    }
    try {
      return await ask(source, transport)
    } catch (error) {
      throw isClosing ? new Error('the feed is stopping') : error
    }
  }

  return {
    askPage: request => through((source, way) => askPage(source, way, request)),
    askJson: path => through(async (source, way) => (await askJson(source, way, path)).answer),
    async close() {
      isClosing = true
      await transport?.close()
    },
  }
}
