import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { t } from '../text/translate.ts'

interface RoleChoicesProps {
  chosen: string[]
  onChosen(roles: string[]): void
}

/** Every user has at least one role. */
export function RoleChoices({ chosen, onChosen }: RoleChoicesProps) {
  const { admin } = usePanel()
  const toggle = (id: string) =>
    onChosen(chosen.includes(id) ? chosen.filter(other => other !== id) : [...chosen, id])
  return (
    <fieldset>
      <legend class="field-label">{t('roles')}</legend>
      {(admin.roles.value.items ?? []).map(role => (
        <label key={role.id} class="choice">
          <input type="checkbox" checked={chosen.includes(role.id)} onChange={() => toggle(role.id)} />
          <span>
            <SafeText text={role.name} max={80} />
            <span class="hint block">
              <SafeText text={role.description} max={200} />
            </span>
          </span>
        </label>
      ))}
      {chosen.length === 0 && <p class="hint">{t('atLeastOneRole')}</p>}
    </fieldset>
  )
}
