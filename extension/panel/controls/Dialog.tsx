/** A modal dialog on the platform's own element, which keeps the focus inside. */
import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { t } from '../text/translate.ts'
import { Icon } from './Icon.tsx'

interface DialogProps {
  title: string
  onClose(): void
  /** Given, the body is a form and this its submission. */
  onSubmit?: () => void
  foot?: ComponentChildren
  children: ComponentChildren
}

export function Dialog({ title, onClose, onSubmit, foot, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null
    dialog.current?.showModal()
    return () => {
      dialog.current?.close()
      before?.focus?.()
    }
  }, [])
  const content = (
    <>
      <div class="dialog-body">{children}</div>
      {foot && <div class="dialog-foot">{foot}</div>}
    </>
  )
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={titleId}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
      onKeyDown={event => event.stopPropagation()}
    >
      <div class="dialog-head">
        <h2 id={titleId}>{title}</h2>
        <button type="button" class="quiet-button" aria-label={t('close')} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      {onSubmit ? (
        <form
          class="dialog-form"
          onSubmit={event => {
            event.preventDefault()
            onSubmit()
          }}
        >
          {content}
        </form>
      ) : (
        content
      )}
    </dialog>
  )
}
