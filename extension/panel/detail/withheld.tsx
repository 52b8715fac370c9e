/** What this reader was not given is shown as withheld, never as empty. */
import { type Permission, permissions } from '../../../shared/access.ts'
import { type AuditEvent, personalFields } from '../../../shared/audit-event.ts'
import { Icon } from '../controls/Icon.tsx'
import { t } from '../text/translate.ts'

const personal: readonly string[] = personalFields

export function isWithheld(event: AuditEvent, field: string): boolean {
  return event.withheld.some(
    name => name === field || name.startsWith(`${field}.`) || field.startsWith(`${name}.`),
  )
}

/** Null where no permission would help: the value was erased, or the sender's rules keep it back. */
function permissionFor(field: string): Permission | null {
  return personal.includes(field) ? 'audit_log.read_personal' : null
}

export function Withheld({ field }: { field: string }) {
  const permission = permissionFor(field)
  return (
    <span class="withheld">
      <Icon name="lock" />
      {permission ? t('withheldNeeds', permissions[permission]) : t('withheldPlain')}
    </span>
  )
}

/** Either the value or, where it was withheld, that it was; undefined where the event simply has none. */
export function withheldOr(event: AuditEvent, field: string) {
  return isWithheld(event, field) ? <Withheld field={field} /> : undefined
}

export function WithheldNote({ event }: { event: AuditEvent }) {
  if (!event.withheld.some(field => personal.includes(field))) return null
  return (
    <p class="withheld-note">
      <Icon name="lock" />
      {t('withheldNote', permissions['audit_log.read_personal'])}
    </p>
  )
}
