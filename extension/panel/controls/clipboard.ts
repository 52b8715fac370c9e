/** Hands a text to the clipboard and says so. */
import type { NoticeModel } from '../../state/notice-model.ts'
import { t } from '../text/translate.ts'

export async function writeClipboard(notices: NoticeModel, text: string, said = t('copied')): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    notices.show(said)
  } catch {
    notices.show(t('copyFailed'), { tone: 'problem' })
  }
}
