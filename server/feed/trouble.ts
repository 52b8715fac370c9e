/** What can go wrong between us and a source: a stable code, the fact behind it, and what to do about it. */
import type { Trouble, TroubleCode } from '../../shared/sources.ts'

/** Thrown wherever asking a source failed. The detail never holds a key. */
export class FeedError extends Error {
  override name = 'FeedError'
  constructor(
    readonly code: TroubleCode,
    readonly detail: string,
    /** The source said itself when to come back, in milliseconds. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(`${code}: ${detail}`)
  }
}

const advice: Record<TroubleCode, string> = {
  name_not_resolved: 'Check the base URL for typing errors, and that this server can resolve the name.',
  refused:
    'The host is there, but nothing answers on that port. Check the port, or whether the platform is running.',
  unreachable: 'There is no way to that host. Check routes and firewalls, or set a proxy.',
  timed_out:
    'The platform took too long. It is asked again by itself; if this stays, check the network between.',
  cut_off:
    'The connection broke off. It is asked again by itself; if this stays, look for a proxy or firewall between.',
  proxy_failed: 'Check the proxy: its address, its user and password, and whether it lets this host through.',
  tls_untrusted:
    'Give the certificate of the authority that signed it (PEM) as the private CA of this source.',
  tls_expired:
    'The platform’s certificate has run out: renew it there. If it has not, check this server’s clock.',
  tls_not_yet_valid: 'The certificate is not valid yet: check this server’s clock.',
  tls_wrong_host: 'The certificate is for another name: use the name it was made for as the base URL.',
  tls_failed: 'No secure connection came about. Check that the port speaks HTTPS.',
  key_refused:
    'The key is wrong, was deleted, or its user is gone. Make a new API key in the platform and enter it here.',
  role_lacks_permission:
    'The key’s user may not read the audit log. Give it the Owner, Security Manager or Security Analyst role, or a ' +
    'custom role with the Audit log permission. If it has one, check the platform’s IP allow-list.',
  address_not_allowed:
    'Add this server’s address to the platform’s IP allow-list, which also covers API keys.',
  wrong_address:
    'That is no API. Give the address you sign in at, up to the port and without a path (a path only where the ' +
    'platform itself lives below one).',
  rate_limited:
    'The platform asks to wait, and is asked again then. A longer interval leaves more for others.',
  platform_failed: 'The platform failed. It is asked again by itself; nothing is lost.',
  request_refused:
    'The platform does not take the request. Its API may have changed: look for a newer Trailside.',
  unexpected_answer: 'The answer is not what the API’s documentation says. Look for a newer Trailside.',
  clock_skew:
    'Set the clocks of this server and of the platform: times in the log and the asking depend on them.',
  log_unavailable:
    'The log could not take the entries. They are asked for again; look at the server’s own log.',
  key_unreadable: 'The key was sealed with another secret of this data folder. Enter the key again.',
}

export function troubleOf({ code, detail }: { code: TroubleCode; detail: string }): Trouble {
  return { code, detail, advice: advice[code] }
}

/** What a person must put right: asking again at once would change nothing. */
const needsSomebody: ReadonlySet<TroubleCode> = new Set([
  ...(['tls_untrusted', 'tls_expired', 'tls_wrong_host', 'key_refused', 'role_lacks_permission'] as const),
  ...(['address_not_allowed', 'wrong_address', 'request_refused', 'key_unreadable'] as const),
])

export function isLasting(code: TroubleCode): boolean {
  return needsSomebody.has(code)
}
