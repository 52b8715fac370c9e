import { useId } from 'preact/hooks'
import { type MessageKey, t } from '../text/translate.ts'

const choices: readonly (readonly [seconds: number, label: MessageKey])[] = [
  [30, 'interval30'],
  [60, 'interval60'],
  [300, 'interval300'],
  [900, 'interval900'],
  [3600, 'interval3600'],
]

/** How often a source is asked. One that was set elsewhere to something between stays as it is. */
export function IntervalField({ seconds, onSeconds }: { seconds: number; onSeconds(seconds: number): void }) {
  const id = useId()
  const isOther = choices.every(([choice]) => choice !== seconds)
  return (
    <div class="field">
      <label for={id}>{t('sourceInterval')}</label>
      <select
        id={id}
        class="text-input"
        value={String(seconds)}
        onChange={event => onSeconds(Number(event.currentTarget.value))}
      >
        {isOther && <option value={seconds}>{t('intervalOther', seconds)}</option>}
        {choices.map(([choice, label]) => (
          <option key={choice} value={choice}>
            {t(label)}
          </option>
        ))}
      </select>
    </div>
  )
}
