/** A labelled text field, of one line or several, with its hint and its problem. */
import type { JSX } from 'preact'
import { useId } from 'preact/hooks'

interface FieldProps {
  label: string
  value: string
  onValue(value: string): void
  hint?: string
  problem?: string | null
  type?: 'text' | 'email' | 'password' | 'url' | 'date'
  autocomplete?: string
  placeholder?: string
  inputMode?: 'url' | 'numeric'
  required?: boolean
  readOnly?: boolean
  spellcheck?: boolean
  maxLength?: number
  /** More than one makes it a text area. */
  lines?: number
}

export function Field({ label, value, onValue, hint, problem, type = 'text', lines, ...input }: FieldProps) {
  const id = useId()
  // The library's types know each type of input apart; a field is one of several.
  const attributes = { ...input, type } as JSX.IntrinsicElements['input']
  const shared = {
    id,
    value,
    'aria-invalid': problem ? ('true' as const) : ('false' as const),
    'aria-describedby': hint || problem ? `${id}-note` : undefined,
    onInput: (event: { currentTarget: { value: string } }) => onValue(event.currentTarget.value),
  }
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {lines ? (
        <textarea {...shared} class="text-input text-area" rows={lines} spellcheck={false} />
      ) : (
        <input {...attributes} {...shared} class="text-input" />
      )}
      {(problem || hint) && (
        <p id={`${id}-note`} class={problem ? 'problem' : 'hint'}>
          {problem || hint}
        </p>
      )}
    </div>
  )
}
