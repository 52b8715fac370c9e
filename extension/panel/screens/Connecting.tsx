import { useEffect, useState } from 'preact/hooks'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { rich, t } from '../text/translate.ts'

const patienceMs = 150

export function Connecting({ server }: { server: string }) {
  const { session } = usePanel()
  const [isDue, setDue] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), patienceMs)
    return () => clearTimeout(timer)
  }, [])
  if (!isDue) return null
  return (
    <div class="screen middle" role="status">
      <span class="spinner large" />
      <p>{rich('connectingTo', <SafeText text={hostOf(server)} />)}</p>
      <button type="button" class="link-button" onClick={session.chooseServer}>
        {t('otherServer')}
      </button>
    </div>
  )
}

export function hostOf(server: string): string {
  return server.replace(/^https?:\/\//, '')
}
