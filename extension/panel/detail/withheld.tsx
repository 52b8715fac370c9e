/** What this reader was not given is shown as withheld, and what nobody is given any more as erased; never as empty. */
import { type Permission, permissions } from '../../../shared/access.ts'
import { type AuditEvent, personalFields } from '../../../shared/audit-event.ts'
import { Icon } from '../controls/Icon.tsx'
import { t } from '../text/translate.ts'

const personal: readonly string[] = personalFields

export function isWithheld(event: AuditEvent, field: string): boolean {
  return namesOf(event.withheld, field).length > 0
}

/** The names of committed fields that are this one, lie within it, or hold it. */
function namesOf(names: readonly string[], field: string): string[] {
  return names.filter(name => name === field || name.startsWith(`${field}.`) || field.startsWith(`${name}.`))
}

/** Null where no permission would help: the sender's rules keep the value back. */
function permissionFor(field: string): Permission | null {
  return personal.includes(field) ? 'audit_log.read_personal' : null
}

export function Withheld({ event, field }: { event: AuditEvent; field: string }) {
  if (namesOf(event.erased ?? [], field).length > 0) {
    return (
      <span class="withheld">
        <Icon name="trash" />
        {t('erasedField')}
      </span>
    )
  }
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
  return isWithheld(event, field) ? <Withheld event={event} field={field} /> : undefined
}

/** What is missing from the event, and whether anything can be done about it. */
export function WithheldNote({ event }: { event: AuditEvent }) {
  const erased = event.erased ?? []
  const isKeptFromReader = event.withheld.some(field => personal.includes(field) && !erased.includes(field))
  return (
    <>
      {erased.length > 0 && (
        <p class="withheld-note">
          <Icon name="trash" />
          {t('erasedNote')}
        </p>
      )}
      {isKeptFromReader && (
        <p class="withheld-note">
          <Icon name="lock" />
          {t('withheldNote', permissions['audit_log.read_personal'])}
        </p>
      )}
    </>
  )
}
