/** The filter that the export will follow, in words, with a way to leave it out. */
import { usePanel } from '../panel-context.ts'
import { chipWords } from '../text/filter-words.ts'
import { SafeText } from '../text/SafeText.tsx'
import { t } from '../text/translate.ts'

export function FilterInForce() {
  const { exporting, filter, names } = usePanel()
  const typed = filter.text.value.trim()
  const words = filter.chips.value.map(chip => chipWords(chip, names))
  if (typed) words.unshift(t('chipIs', t('search'), typed))
  if (words.length === 0) return <p class="hint">{t('noFilter')}</p>
  return (
    <div class="export-filter">
      <label class="choice">
        <input
          type="checkbox"
          checked={exporting.filtered.value}
          onChange={event => {
            exporting.filtered.value = event.currentTarget.checked
          }}
        />
        {t('applyFilter')}
      </label>
      <ul class={exporting.filtered.value ? undefined : 'dropped'} aria-label={t('filtersInForce')}>
        {words.map(word => (
          <li key={word}>
            <SafeText text={word} max={160} />
          </li>
        ))}
      </ul>
    </div>
  )
}
