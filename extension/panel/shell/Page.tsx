/** A view that takes the log's place, with a way back to it. */
import type { ComponentChildren } from 'preact'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'

export function Page({ title, children }: { title: string; children: ComponentChildren }) {
  const { navigation } = usePanel()
  return (
    <div class="page">
      <div class="page-head">
        <button
          type="button"
          class="quiet-button"
          aria-label={t('back')}
          onClick={() => navigation.go('log')}
        >
          <Icon name="back" />
        </button>
        <h1>{title}</h1>
      </div>
      <div class="page-body">{children}</div>
    </div>
  )
}
