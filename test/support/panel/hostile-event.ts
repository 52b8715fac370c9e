/** An event whose every field tries something. */
import type { AuditEvent } from '../../../shared/audit-event.ts'

export function hostileEvent(index: number, occurredAt: string): AuditEvent {
  return {
    id: 'evt-<img src=x onerror=alert(1)>',
    source: 'api',
    index,
    occurredAt,
    receivedAt: occurredAt,
    action: 'role.updated',
    area: 'roles',
    actor: {
      type: 'user',
      id: 'u-evil',
      name: 'Ann\u202Egnp.exe <script>alert(1)</script>\u0000',
      email: '=HYPERLINK("https://evil.example","click")',
      onBehalfOf: { id: 'u-01', name: 'Maria Jensen', email: 'maria.jensen@acme.example' },
    },
    targets: [
      { type: 'role', id: 'role-7', name: 'Support\u2066 (read only)\u2069' },
      { type: 'target', id: 'lone \uD800 surrogate', name: null },
    ],
    outcome: 'success',
    changes: [
      { field: 'refund_limit', before: 50, after: 500 },
      { field: 'permissions', before: ['scan.read'], after: ['scan.read', 'scan.write', 'audit_log.read'] },
      { field: 'note', before: null, after: 'x'.repeat(1_000_000) },
      { field: 'comment', before: 'two\nlines', after: '' },
    ],
    context: {
      ip: '2001:db8::1',
      userAgent: 'curl/8.9 <b>bold</b>',
      channel: 'api',
      requestId: 'req-9f',
      sessionId: null,
      location: null,
    },
    metadata: { '<b>key</b>': 'a\u0007bell', nested: { deep: [1, 2, { three: true }] } },
    withheld: [],
  }
}
