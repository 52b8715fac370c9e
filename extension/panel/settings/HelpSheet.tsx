/** The keyboard, on one sheet. */
import { panelActions } from '../actions/actions.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'

const actions = panelActions.filter(({ keys }) => keys)

export function HelpSheet() {
  const { navigation, settings } = usePanel()
  const close = () => {
    navigation.helpIsOpen.value = false
  }
  const { shortcuts } = settings.settings.value
  return (
    <Dialog title={t('keyboard')} onClose={close}>
      {!shortcuts && <p class="hint">{t('shortcutsAreOff')}</p>}
      <dl class="key-list">
        {actions.map(({ id, keys, label }) => (
          <div key={id}>
            <dt>
              {keys?.map(name => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{t(label)}</dd>
          </div>
        ))}
      </dl>
      <ShortcutChoice />
    </Dialog>
  )
}

export function ShortcutChoice() {
  const { settings } = usePanel()
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={settings.settings.value.shortcuts}
        onChange={event => settings.change({ shortcuts: event.currentTarget.checked })}
      />
      <span>
        {t('singleLetters')}
        <span class="hint block">{t('singleLettersHint')}</span>
      </span>
    </label>
  )
}
