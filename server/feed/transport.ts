/** How a source is reached: HTTPS with its own authorities and proxy. Redirects are answers, never followed with a key. */
import { rootCertificates } from 'node:tls'
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici'

export interface RawAnswer {
  status: number
  header(name: string): string | null
  text: string
}

export interface Transport {
  /** @throws whatever the network does: `diagnose` knows it by its code */
  get(url: URL, headers: Readonly<Record<string, string>>): Promise<RawAnswer>
  close(): Promise<void>
}

export interface TransportSettings {
  /** PEM, trusted beside the public authorities. */
  certificateAuthority: string | null
  /** `http://user:password@host:port` */
  proxy: string | null
  /** The longest that one answer may take; somebody who waits for a test has less patience than a feed. */
  patienceMs?: number
}

export type OpenTransport = (settings: TransportSettings) => Transport

const connectMs = 15_000
const idleMs = 30_000
const wholeMs = 120_000
const maxBodyBytes = 64 * 1024 * 1024

export const openTransport: OpenTransport = ({ certificateAuthority, proxy, patienceMs = wholeMs }) => {
  const tls = certificateAuthority === null ? {} : { ca: [...rootCertificates, certificateAuthority] }
  const limits = {
    headersTimeout: idleMs,
    bodyTimeout: idleMs,
    maxResponseSize: maxBodyBytes,
    connections: 2,
  }
  const dispatcher: Dispatcher =
    proxy === null
      ? new Agent({ ...limits, connect: { ...tls, timeout: connectMs } })
      : new ProxyAgent({ ...limits, uri: proxy, requestTls: { ...tls, timeout: connectMs } })
  return {
    async get(url, headers) {
      const signal = AbortSignal.timeout(patienceMs)
      const { statusCode, headers: answered, body } = await request(url, { dispatcher, headers, signal })
      const text = await body.text()
      return { status: statusCode, header: name => [answered[name] ?? []].flat()[0] ?? null, text }
    },
    close: () => dispatcher.destroy(),
  }
}
