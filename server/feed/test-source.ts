/** "Test connection": one question as the feed would ask it, and what is wrong with the answer. */
import type { SourceKind, SourceTest } from '../../shared/sources.ts'
import { RowError } from '../intake/format-row.ts'
import { askJson, askPage, clockSkewOf } from './ask.ts'
import { connectors } from './connector.ts'
import type { OpenTransport } from './transport.ts'
import { FeedError, troubleOf } from './trouble.ts'

export interface TestedSource {
  kind: SourceKind
  baseUrl: string
  key: string
  userId: string | null
  certificateAuthority: string | null
  proxy: string | null
  usersPath: string | null
  targetsPath: string | null
}

/** Below what whoever asked for the test waits for us. */
const patienceMs = 12_000

const nothing: SourceTest = { ok: false, total: null, newest: null, trouble: null, warnings: [] }

/** Never throws for what is wrong with the source. */
export async function testSource(
  tested: TestedSource,
  { openTransport, clock }: { openTransport: OpenTransport; clock: () => number },
): Promise<SourceTest> {
  const { kind, baseUrl, key, userId, certificateAuthority, proxy } = tested
  const transport = openTransport({ certificateAuthority, proxy, patienceMs })
  const asked = { kind, baseUrl, isProxied: proxy !== null, credentials: { key, userId } }
  try {
    const page = await askPage(asked, transport, { page: 1, size: 20, sinceMs: null })
    const skew = clockSkewOf(page.header, clock())
    const warnings = skew === null ? [] : [troubleOf({ code: 'clock_skew', detail: skewWords(skew) })]
    for (const path of [tested.usersPath, tested.targetsPath]) {
      if (path === null) continue
      const trouble = await troubleAt(path)
      if (trouble) warnings.push(troubleOf({ code: trouble.code, detail: `${path}: ${trouble.detail}` }))
    }
    const times = page.items.flatMap(item => timeOf(kind, item))
    return { ...nothing, ok: true, total: page.total, newest: times.sort().at(-1) ?? null, warnings }
  } catch (error) {
    if (!(error instanceof FeedError)) throw error
    return { ...nothing, trouble: troubleOf(error) }
  } finally {
    await transport.close()
  }

  async function troubleAt(path: string): Promise<FeedError | null> {
    try {
      await askJson(asked, transport, path)
      return null
    } catch (error) {
      if (error instanceof FeedError) return error
      throw error
    }
  }
}

function timeOf(kind: SourceKind, item: Parameters<(typeof connectors)[SourceKind]['event']>[0]): string[] {
  try {
    return [connectors[kind].event(item, kind).occurredAt]
  } catch (error) {
    if (error instanceof RowError) return []
    throw error
  }
}

function skewWords(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000)
  return `the platform’s clock is ${minutes} minutes ${ms > 0 ? 'ahead' : 'behind'}`
}
