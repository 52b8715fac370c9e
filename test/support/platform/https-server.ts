/** The stand-in on a wire: a real HTTPS server, with connections cut and bodies that never end where told to. */
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Certificate } from './certificates.ts'
import type { Reply, StandIn } from './stand-in.ts'

export interface StandInServer {
  /** `https://localhost:PORT` */
  url: string
  close(): Promise<void>
}

export async function serveStandIn(
  platform: Pick<StandIn, 'answer'>,
  certificate: Certificate,
  port = 0,
): Promise<StandInServer> {
  const sockets = new Set<Duplex>()
  const server = createServer({ cert: certificate.cert, key: certificate.key }, (request, response) => {
    const url = new URL(request.url ?? '/', 'https://localhost')
    const headers = request.headers as Record<string, string | undefined>
    const reply: Reply = platform.answer({ url, headers })
    const length = Buffer.byteLength(reply.body)
    response.writeHead(reply.status, { ...reply.headers, 'content-length': length })
    if (reply.delivery === 'whole') return void response.end(reply.body)
    response.write(reply.body.slice(0, 10), () => {
      if (reply.delivery === 'cut') request.socket.destroy()
    })
  })
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
