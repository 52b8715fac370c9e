import { allPermissions, type Permission, permissions } from '../../../shared/access.ts'
import { t } from '../text/translate.ts'

interface PermissionChoicesProps {
  chosen: readonly Permission[]
  onChosen(permissions: Permission[]): void
}

export function PermissionChoices({ chosen, onChosen }: PermissionChoicesProps) {
  const toggle = (permission: Permission) =>
    onChosen(
      allPermissions.filter(known =>
        known === permission ? !chosen.includes(permission) : chosen.includes(known),
      ),
    )
  return (
    <fieldset>
      <legend class="field-label">{t('permissions')}</legend>
      {allPermissions.map(permission => (
        <label key={permission} class="choice">
          <input type="checkbox" checked={chosen.includes(permission)} onChange={() => toggle(permission)} />
          {permissions[permission]}
        </label>
      ))}
    </fieldset>
  )
}
