/** The query language on a card; each example goes into the query bar when it is chosen. */
import { Icon } from '../controls/Icon.tsx'
import { PopoverButton } from '../controls/Popover.tsx'
import { usePanel } from '../panel-context.ts'
import { type MessageKey, t } from '../text/translate.ts'
import { focusQueryBar } from './query-box.ts'

/** What follows a bare key is offered from the log. */
const examples: readonly (readonly [text: string, means: MessageKey])[] = [
  ['action:', 'exampleAction'],
  ['user:', 'exampleUser'],
  ['target:', 'exampleTarget'],
  ['-area:', 'exampleNot'],
  ['outcome:[failure,denied]', 'exampleAny'],
  ['changed:', 'exampleChanged'],
  ['channel:api', 'exampleChannel'],
  ['ip:10.0.0.0/8', 'exampleIp'],
  ['last:7d', 'exampleLast'],
  ['on:yesterday', 'exampleOn'],
  ['after:2026-10-01 before:2026-11-01', 'exampleBetween'],
  ['"two words"', 'examplePhrase'],
]

export function QueryHelp() {
  const { query, session } = usePanel()
  const mayIp = session.may('audit_log.read_personal')
  const take = (example: string) => {
    const before = query.text.peek().trim()
    query.type(before ? `${before} ${example}` : example)
    focusQueryBar()
  }
  return (
    <PopoverButton
      label={t('queryHelp')}
      class="quiet-button query-help-button"
      button={<Icon name="help" />}
    >
      {close => (
        <div class="popover-body query-help">
          <p class="hint">{t('queryHelpText')}</p>
          <ul aria-label={t('examples')}>
            {examples
              .filter(([text]) => mayIp || !text.startsWith('ip:'))
              .map(([text, means]) => (
                <li key={text}>
                  <button
                    type="button"
                    class="query-example"
                    onClick={() => {
                      close()
                      take(text)
                    }}
                  >
                    <code>{text}</code>
                    <span>{t(means)}</span>
                  </button>
                </li>
              ))}
          </ul>
          <p class="hint">{t('queryHelpKeys')}</p>
        </div>
      )}
    </PopoverButton>
  )
}
