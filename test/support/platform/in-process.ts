/** The stand-in without a wire: requests are calls, and what a network would do is thrown as it would be. */
import type { Transport } from '../../../server/feed/transport.ts'
import type { StandIn } from './stand-in.ts'

export function inProcess(platform: Pick<StandIn, 'answer'>): Transport {
  return {
    async get(url, headers) {
      const reply = platform.answer({ url, headers })
      if (reply.delivery === 'cut') throw networkError('UND_ERR_SOCKET', 'other side closed')
      if (reply.delivery === 'stall') throw networkError('UND_ERR_BODY_TIMEOUT', 'Body Timeout Error')
      return { status: reply.status, header: name => reply.headers[name] ?? null, text: reply.body }
    },
    close: async () => {},
  }
}

export function networkError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
