/** The last resort: a defect of ours must not leave a blank panel, which could pass for an empty log. */
import { Component, type ComponentChildren } from 'preact'
import { Icon } from './controls/Icon.tsx'
import { t } from './text/translate.ts'

interface CrashState {
  error: unknown
}

export class CrashBoundary extends Component<{ children: ComponentChildren }, CrashState> {
  override state: CrashState = { error: null }

  static override getDerivedStateFromError(error: unknown): CrashState {
    return { error }
  }

  override render() {
    const { error } = this.state
    return error === null ? this.props.children : <Crash error={error} />
  }
}

function Crash({ error }: { error: unknown }) {
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return (
    <div class="screen" role="alert">
      <Icon name="alert" class="screen-icon" />
      <h1>{t('crashTitle')}</h1>
      <p class="screen-lead">{t('crashText')}</p>
      <div class="button-row">
        <button type="button" class="button primary" onClick={() => location.reload()}>
          {t('reload')}
        </button>
        <button type="button" class="button" onClick={() => void navigator.clipboard.writeText(details)}>
          {t('copyDetails')}
        </button>
      </div>
    </div>
  )
}
