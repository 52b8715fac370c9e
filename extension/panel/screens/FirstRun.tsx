/** The very first screen: what this is, and which server. */
import { useState } from 'preact/hooks'
import { parseServerAddress } from '../../state/server-address.ts'
import type { Failure } from '../../worker/protocol.ts'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Field } from '../controls/Field.tsx'
import { usePanel } from '../panel-context.ts'
import { Logo } from '../shell/Logo.tsx'
import { type MessageKey, t } from '../text/translate.ts'

const problems: Record<'empty' | 'unreadable' | 'insecure', MessageKey> = {
  empty: 'serverEmpty',
  unreadable: 'serverUnreadable',
  insecure: 'serverInsecure',
}

export function FirstRun({ failure }: { failure: Failure | null }) {
  const { session } = usePanel()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<MessageKey | null>(null)
  const connect = () => {
    const address = parseServerAddress(text)
    if ('problem' in address) return setProblem(problems[address.problem])
    // At once, in the gesture: the browser's question must not come after an answer from the network.
    void session.connect(address.origin)
  }
  return (
    <div class="screen">
      <Logo size={40} />
      <h1>{t('welcome')}</h1>
      <p class="screen-lead">{t('welcomeText')}</p>
      <ol class="steps">
        <li>{t('step1')}</li>
        <li>{t('step2')}</li>
        <li>{t('step3')}</li>
      </ol>
      <form
        class="screen-form"
        noValidate
        onSubmit={event => {
          event.preventDefault()
          connect()
        }}
      >
        <Field
          label={t('serverAddress')}
          type="url"
          inputMode="url"
          placeholder="https://audit.example.com"
          autocomplete="url"
          spellcheck={false}
          value={text}
          hint={t('serverHint')}
          problem={problem && t(problem)}
          onValue={value => {
            setText(value)
            setProblem(null)
          }}
        />
        {failure && <FailureNote failure={failure} />}
        <button type="submit" class="button primary wide" disabled={session.busy.value}>
          {t('connect')}
        </button>
      </form>
    </div>
  )
}
