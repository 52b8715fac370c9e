/** The scan targets of the demo workspace and what is set for each, so that every change knows what was before. */
import type { Json } from '../../shared/json.ts'
import type { Random } from './random.ts'

export interface DemoTarget {
  ref: { type: 'target'; id: string; name: string }
  settings: Record<string, Json>
  vulnerabilities: Vulnerability[]
}

export interface Vulnerability {
  ref: { type: 'vulnerability'; id: string; name: string }
  severity: string
  status: string
}

const services =
  'shop checkout accounts api portal status docs billing search media mail intranet vpn partners careers press forum loyalty orders stock returns invoices maps chat'.split(
    ' ',
  )
const stages = ['', 'staging.', 'test.']

export const settingChoices: Record<string, readonly Json[]> = {
  'Business criticality': ['Low', 'Normal', 'High', 'Critical'],
  'Scan profile': ['Full scan', 'Quick scan', 'High risk', 'API scan', 'OWASP Top 10'],
  'Excluded hours': ['None', 'Office hours', 'Mon-Fri 08:00-18:00', 'Nights only'],
  'Technical contact': ['Web team', 'Platform team', 'Payments team', 'On-call'],
  'Scan speed': ['Slow', 'Moderate', 'Fast'],
  'Log-in sequence': ['Off', 'On'],
  'Maximum crawl depth': [4, 6, 8, 12],
  'Allowed hosts': [
    ['example.com'],
    ['example.com', 'cdn.example.com'],
    ['example.com', 'cdn.example.com', 'static.example.org'],
  ],
  'HTTP authentication': ['None', 'Basic', 'NTLM'],
  Tags: [['public'], ['public', 'pci'], ['internal'], ['internal', 'legacy'], ['public', 'gdpr']],
}
export const settingNames = Object.keys(settingChoices)

export function createTargets(random: Random, count: number): DemoTarget[] {
  return Array.from({ length: count }, (_, index) => createTarget(random, index))
}

export function createTarget(random: Random, index: number): DemoTarget {
  const service = services[index % services.length]!
  const round = Math.floor(index / services.length)
  const stage = stages[round % stages.length]!
  const number = Math.floor(round / stages.length)
  const host = `${service}${number > 0 ? number + 1 : ''}.${stage}example.com`
  const settings: Record<string, Json> = {}
  for (const name of settingNames) settings[name] = random.pick(settingChoices[name]!)
  return {
    ref: { type: 'target', id: random.uuid(), name: `https://${host}/` },
    settings,
    vulnerabilities: [],
  }
}

const weaknesses: readonly (readonly [name: string, severity: string])[] = [
  ['Missing Content-Security-Policy header', 'Best practice'],
  ['Cookie without Secure flag', 'Low'],
  ['Reflected cross-site scripting', 'High'],
  ['Out-of-date JavaScript library', 'Medium'],
  ['SQL injection', 'Critical'],
  ['Open redirect', 'Medium'],
  ['Directory listing', 'Low'],
  ['Weak TLS cipher suite', 'Medium'],
  ['Server version disclosed', 'Information'],
  ['Server-side request forgery', 'High'],
  ['Cross-site request forgery', 'Medium'],
  ['Blind command injection', 'Critical'],
]
const rememberedVulnerabilities = 6

/** A new finding on a target; the oldest remembered one makes room. */
export function findVulnerability(random: Random, target: DemoTarget): Vulnerability {
  const [name, severity] = weaknesses[random.zipf(weaknesses.length)]!
  const found: Vulnerability = {
    ref: { type: 'vulnerability', id: random.uuid(), name },
    severity,
    status: 'Present',
  }
  target.vulnerabilities.push(found)
  if (target.vulnerabilities.length > rememberedVulnerabilities) target.vulnerabilities.shift()
  return found
}
