/** The panel's words, from `public/_locales`. */
import { browser } from 'wxt/browser'

/** The text of a message in the browser's language; the key itself where there is none, so that nothing is blank. */
export function message(key: string, substitutions: readonly (string | number)[] = []): string {
  // The generated types know no keys; and the browsers want the method called on its object.
  const i18n = browser.i18n as unknown as { getMessage(key: string, substitutions: string[]): string }
  return i18n.getMessage(key, substitutions.map(String)) || key
}

/** The browser's language, as in `en-GB`. */
export function uiLanguage(): string {
  return browser.i18n.getUILanguage()
}
