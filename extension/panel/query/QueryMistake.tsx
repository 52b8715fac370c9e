/** The first mistake of the query, and a way to take what was meant. */
import type { Mistake } from '../../../shared/query/parse.ts'
import { SafeText } from '../text/SafeText.tsx'
import { t } from '../text/translate.ts'
import { mistakeWords } from './query-words.ts'

interface QueryMistakeProps {
  id: string
  mistake: Mistake
  onTake(mistake: Mistake): void
}

export function QueryMistake({ id, mistake, onTake }: QueryMistakeProps) {
  return (
    <div class="query-mistake" role="status">
      <p id={id} class="problem">
        <SafeText text={mistakeWords(mistake)} />
      </p>
      {mistake.meant !== null && mistake.kind !== 'unclosed' && (
        <button type="button" class="link-button" onClick={() => onTake(mistake)}>
          {t('didYouMean', mistake.meant)}
        </button>
      )}
    </div>
  )
}
