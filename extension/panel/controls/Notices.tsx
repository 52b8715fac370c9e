/** Notices at the bottom, and the live region. */
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'
import { Icon } from './Icon.tsx'

export function Notices() {
  const { notices } = usePanel()
  return (
    <>
      <div class="visually-hidden" role="status" aria-live="polite">
        {notices.announcement.value}
      </div>
      <div class="notices" role="log" aria-live="polite" aria-label={t('notices')}>
        {notices.notices.value.map(({ id, text, tone, action }) => (
          <div key={id} class="notice">
            {tone === 'problem' && <Icon name="alert" />}
            <span>{text}</span>
            {action && (
              <button
                type="button"
                class="link-button"
                onClick={() => {
                  action.run()
                  notices.dismiss(id)
                }}
              >
                {action.label}
              </button>
            )}
            <button
              type="button"
              class="quiet-button"
              aria-label={t('dismiss')}
              onClick={() => notices.dismiss(id)}
            >
              <Icon name="close" />
            </button>
          </div>
        ))}
      </div>
    </>
  )
}
