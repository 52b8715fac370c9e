/** A labelled text field with its hint and its problem. */
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
  inputMode?: 'url'
  required?: boolean
  readOnly?: boolean
  spellcheck?: boolean
  maxLength?: number
}

export function Field({ label, value, onValue, hint, problem, type = 'text', ...input }: FieldProps) {
  const id = useId()
  // The library's types know each type of input apart; a field is one of several.
  const attributes = { ...input, type } as JSX.IntrinsicElements['input']
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...attributes}
        id={id}
        class="text-input"
        value={value}
        aria-invalid={problem ? 'true' : 'false'}
        aria-describedby={hint || problem ? `${id}-note` : undefined}
        onInput={event => onValue(event.currentTarget.value)}
      />
      {(problem || hint) && (
        <p id={`${id}-note`} class={problem ? 'problem' : 'hint'}>
          {problem || hint}
        </p>
      )}
    </div>
  )
}
