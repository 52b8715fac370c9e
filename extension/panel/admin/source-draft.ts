/** What stands in the form of a source, and what is sent of it: empty fields are nothing, unchanged ones are left out. */
import {
  defaultIntervalSeconds,
  type NewSourceInput,
  type Source,
  type SourceChange,
  type SourceKind,
} from '../../../shared/sources.ts'

export interface SourceDraft {
  name: string
  kind: SourceKind
  baseUrl: string
  key: string
  userId: string
  intervalSeconds: number
  startDate: string
  certificateAuthority: string
  proxy: string
  usersPath: string
  targetsPath: string
}

const optional = ['userId', 'startDate', 'certificateAuthority', 'proxy', 'usersPath', 'targetsPath'] as const

export function draftOf(source: Source | null): SourceDraft {
  const settings = source?.settings
  return {
    name: source?.name ?? '',
    kind: source?.kind ?? 'invicti-platform',
    baseUrl: settings?.baseUrl ?? '',
    key: '',
    userId: settings?.userId ?? '',
    intervalSeconds: settings?.intervalSeconds ?? defaultIntervalSeconds,
    startDate: settings?.startDate ?? '',
    certificateAuthority: settings?.certificateAuthority ?? '',
    proxy: settings?.proxy ?? '',
    usersPath: settings?.usersPath ?? '',
    targetsPath: settings?.targetsPath ?? '',
  }
}

export function newSourceOf(draft: SourceDraft): NewSourceInput {
  const { name, kind, baseUrl, key, intervalSeconds } = draft
  const filled = Object.fromEntries(optional.map(field => [field, draft[field].trim() || null]))
  return { ...filled, name: name.trim(), kind, baseUrl: baseUrl.trim(), key: key.trim(), intervalSeconds }
}

export function changeOf(draft: SourceDraft, source: Source): SourceChange {
  const { key, kind: _kind, startDate: _startDate, ...wanted } = newSourceOf(draft)
  const before = newSourceOf(draftOf(source))
  const changed = Object.entries(wanted).filter(
    ([field, value]) => value !== before[field as keyof typeof before],
  )
  return { ...Object.fromEntries(changed), ...(key && { key }) }
}
