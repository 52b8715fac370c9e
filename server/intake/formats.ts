/** The formats that can be imported, by the name the command line knows them by. */
import { cloudtrail } from './cloudtrail.ts'
import { enterpriseCsv } from './enterprise-csv.ts'
import { enterpriseJson } from './enterprise-json.ts'
import type { Format } from './format-row.ts'
import { googleWorkspace } from './google-workspace.ts'
import { platformApi } from './platform-api.ts'
import { platformCsv } from './platform-csv.ts'
import { platformJson } from './platform-json.ts'
import { trailside } from './trailside.ts'

export const formats = {
  trailside,
  'platform-api': platformApi,
  'platform-csv': platformCsv,
  'platform-json': platformJson,
  'enterprise-json': enterpriseJson,
  'enterprise-csv': enterpriseCsv,
  cloudtrail,
  'google-workspace': googleWorkspace,
} as const satisfies Record<string, Format>

export type FormatName = keyof typeof formats

export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(formats, name)
}
