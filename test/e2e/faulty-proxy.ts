// Stands between the panel and the real backend, and can make trouble: the answers it gives are then its own.
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What is answered instead of the backend's answer. */
export interface Trouble {
  status: number
  type: string
  body: string
}

export interface FaultyProxy {
  url: string
  /** From now on every request is answered so, and what runs is cut; null lets all through again. */
  make(trouble: Trouble | null): void
  close(): void
}

export async function openFaultyProxy(backend: string): Promise<FaultyProxy> {
  let trouble: Trouble | null = null
  const server = createServer((asked, answer) => {
    if (trouble) answerWith(trouble, asked, answer)
    else pass(backend, asked, answer)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    make(next) {
      trouble = next
      server.closeAllConnections()
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function answerWith({ status, type, body }: Trouble, asked: IncomingMessage, answer: ServerResponse): void {
  asked.resume()
  answer.writeHead(status, { 'content-type': type, 'access-control-allow-origin': '*' }).end(body)
}

function pass(backend: string, asked: IncomingMessage, answer: ServerResponse): void {
  const { method, url, headers } = asked
  const upstream = forward(new URL(url!, backend), { method, headers }, response => {
    answer.writeHead(response.statusCode!, response.headers)
    response.pipe(answer)
  })
  upstream.on('error', () => answer.destroy())
  answer.on('close', () => upstream.destroy())
  asked.pipe(upstream)
}

/** As the backend refuses (RFC 9457). */
export function problem(status: number, code: string, detail: string): Trouble {
  const body = JSON.stringify({ type: 'about:blank', title: code, status, code, detail })
  return { status, type: 'application/problem+json', body }
}
