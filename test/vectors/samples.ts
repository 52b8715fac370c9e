/** What several vectors are made of. */

export interface TextCase {
  about: string
  holds: boolean
  text: string
}

export const sampleEvent = {
  id: 'e-1',
  source: 'vectors',
  occurredAt: '2026-01-02T03:04:05.678Z',
  receivedAt: '2026-01-02T03:04:06.000Z',
  action: 'scan.started',
  area: 'scans',
  actor: { type: 'user' as const, id: 'u-1', name: 'Zoë', email: 'zoe@example.com', onBehalfOf: null },
  targets: [{ type: 'target', id: 't-1', name: 'shop.example.com' }],
  outcome: 'success' as const,
  changes: [{ field: 'profile', before: null, after: 'Full' }],
  context: {
    ip: '203.0.113.7',
    userAgent: null,
    channel: 'web' as const,
    requestId: null,
    sessionId: 's-1',
    location: null,
  },
  metadata: { depth: 3 },
}

export const countedSalts = (length: number) => Uint8Array.from({ length }, (_, i) => i)
