/** The panel's words, from `public/_locales`. */
import { browser } from 'wxt/browser'

/** The text of a message in the browser's language; the key itself where there is none, so that nothing is blank. */
export function message(key: string, substitutions: readonly (string | number)[] = []): string {
  const { getMessage } = browser.i18n as unknown as {
    getMessage(key: string, substitutions: string[]): string
  }
  return getMessage(key, substitutions.map(String)) || key
}

/** The browser's language, as in `en-GB`. */
export function uiLanguage(): string {
  return browser.i18n.getUILanguage()
}
