/** One of a few, side by side: radio buttons that look like one control. */
import { useId } from 'preact/hooks'

interface SegmentsProps<Value extends string> {
  label: string
  /** The label is shown elsewhere already. */
  hideLabel?: boolean
  value: Value
  options: readonly (readonly [value: Value, label: string])[]
  onValue(value: Value): void
}

export function Segments<Value extends string>(props: SegmentsProps<Value>) {
  const { label, hideLabel, value, options, onValue } = props
  const name = useId()
  return (
    <fieldset class="field">
      <legend class={hideLabel ? 'visually-hidden' : 'field-label'}>{label}</legend>
      <div class="segments">
        {options.map(([option, text]) => (
          <label>
            <input
              type="radio"
              name={name}
              value={option}
              checked={option === value}
              onChange={() => onValue(option)}
            />
            {text}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
