/** A new password, twice. The server decides whether it is strong enough; this only catches slips. */
import { Field } from '../controls/Field.tsx'
import { type MessageKey, t } from '../text/translate.ts'

export interface NewPassword {
  next: string
  again: string
}

const shortest = 12

export function newPasswordProblem({ next, again }: NewPassword): MessageKey | null {
  if (next.length < shortest) return 'passwordShort'
  return next === again ? null : 'passwordsDiffer'
}

interface NewPasswordFieldsProps {
  value: NewPassword
  onValue(value: NewPassword): void
  showProblem: boolean
}

export function NewPasswordFields({ value, onValue, showProblem }: NewPasswordFieldsProps) {
  const problem = showProblem ? newPasswordProblem(value) : null
  return (
    <>
      <Field
        label={t('newPassword')}
        type="password"
        autocomplete="new-password"
        required
        value={value.next}
        hint={t('passwordHint')}
        problem={problem === 'passwordShort' ? t(problem) : null}
        onValue={next => onValue({ ...value, next })}
      />
      <Field
        label={t('repeatPassword')}
        type="password"
        autocomplete="new-password"
        required
        value={value.again}
        problem={problem === 'passwordsDiffer' ? t(problem) : null}
        onValue={again => onValue({ ...value, again })}
      />
    </>
  )
}
