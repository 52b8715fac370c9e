/** Certificates for the stand-in, made in the test: a private authority, and servers it vouches for, rightly or not. */
import { generate } from 'selfsigned'

export interface Certificate {
  cert: string
  key: string
}

const dayMs = 86_400_000
const options = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const

export async function createAuthority(): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'Acme private authority' }], {
    ...options,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  return { cert, key }
}

/** For `localhost` and 127.0.0.1 unless told otherwise; signed by itself without an authority. */
export async function createCertificate({
  authority,
  host = 'localhost',
  fromMs = Date.now() - dayMs,
  toMs = Date.now() + dayMs,
}: {
  authority?: Certificate
  host?: string
  fromMs?: number
  toMs?: number
} = {}): Promise<Certificate> {
  const names = host === 'localhost' ? [{ type: 7 as const, ip: '127.0.0.1' }] : []
  const { cert, private: key } = await generate([{ name: 'commonName', value: host }], {
    ...options,
    notBeforeDate: new Date(fromMs),
    notAfterDate: new Date(toMs),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'subjectAltName', altNames: [{ type: 2, value: host }, ...names] },
    ],
    ...(authority && { ca: authority }),
  })
  return { cert, key }
}
