/** The keyboard, on one sheet. */
import { Dialog } from '../controls/Dialog.tsx'
import { usePanel } from '../panel-context.ts'
import { type MessageKey, t } from '../text/translate.ts'

const keys: readonly (readonly [keys: string[], does: MessageKey])[] = [
  [['/'], 'keySearch'],
  [['j', '↓'], 'keyNext'],
  [['k', '↑'], 'keyPrevious'],
  [['Enter'], 'keyOpen'],
  [['Esc'], 'keyBack'],
  [['[', ']'], 'keyNeighbours'],
  [['e'], 'keyExport'],
  [['n'], 'keyNew'],
  [['r'], 'keyRelative'],
  [['u'], 'keyUtc'],
  [['Home', 'End'], 'keyEnds'],
  [['F6'], 'keyFocus'],
  [['?'], 'keyHelp'],
]

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
        {keys.map(([names, does]) => (
          <div key={does}>
            <dt>
              {names.map(name => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{t(does)}</dd>
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
