/** The panel: which screen, by what the session is. */
import { useEffect } from 'preact/hooks'
import type { Evidence } from '../cache/witness-record.ts'
import type { PanelState } from '../state/panel-state.ts'
import { useShortcuts } from './actions/use-shortcuts.ts'
import { AdministrationView } from './admin/AdministrationView.tsx'
import { CrashBoundary } from './CrashBoundary.tsx'
import { Notices } from './controls/Notices.tsx'
import { ExportDialog } from './export/ExportDialog.tsx'
import { LogView } from './log/LogView.tsx'
import { Palette } from './palette/Palette.tsx'
import { PanelContext, usePanel } from './panel-context.ts'
import { ChangePassword } from './screens/ChangePassword.tsx'
import { Connecting } from './screens/Connecting.tsx'
import { FirstRun } from './screens/FirstRun.tsx'
import { NoAccess } from './screens/NoAccess.tsx'
import { SignIn } from './screens/SignIn.tsx'
import { Unreachable } from './screens/Unreachable.tsx'
import { HelpSheet } from './settings/HelpSheet.tsx'
import { SettingsView } from './settings/SettingsView.tsx'
import { Banners } from './shell/Banners.tsx'
import { Header } from './shell/Header.tsx'
import { t } from './text/translate.ts'
import { Alarm } from './trust/Alarm.tsx'
import { EpochDecision } from './trust/EpochDecision.tsx'
import { TrustView } from './trust/TrustView.tsx'
import { useDroppedFiles } from './verify/use-dropped-files.ts'
import { VerifyDialog } from './verify/VerifyDialog.tsx'

export function App({ panel }: { panel: PanelState }) {
  return (
    <PanelContext.Provider value={panel}>
      <CrashBoundary>
        <Panel />
      </CrashBoundary>
    </PanelContext.Provider>
  )
}

function Panel() {
  const { session, navigation, exporting, verifying, trust } = usePanel()
  useShortcuts()
  useDroppedFiles()
  useDocumentTitle()
  const state = session.state.value
  const isIn = state.name === 'open' || state.name === 'no-access'
  return (
    <div class="panel">
      {isIn && <Header />}
      {isIn && trust.alarm.value && <Caught alarm={trust.alarm.value} />}
      {isIn && <Banners />}
      <main class="panel-main">
        <Screen />
      </main>
      {state.name === 'open' && exporting.isOpen.value && <ExportDialog />}
      {state.name === 'open' && verifying.isOpen.value && <VerifyDialog />}
      {navigation.helpIsOpen.value && <HelpSheet />}
      {isIn && navigation.palette.value && <Palette initial={navigation.palette.value.text} />}
      <Notices />
    </div>
  )
}

function Screen() {
  const { session, navigation } = usePanel()
  const state = session.state.value
  switch (state.name) {
    case 'starting':
      return null
    case 'first-run':
      return <FirstRun failure={state.failure} />
    case 'connecting':
      return <Connecting server={state.server} />
    case 'unreachable':
      return <Unreachable server={state.server} failure={state.failure} />
    case 'sign-in':
      return <SignIn server={state.server} failure={state.failure} ended={state.ended} />
    case 'change-password':
      return <ChangePassword failure={state.failure} />
    default:
      if (navigation.view.value === 'settings') return <SettingsView />
      if (navigation.view.value === 'trust') return <TrustView />
      if (navigation.view.value === 'administration' && session.mayAdminister()) return <AdministrationView />
      return state.name === 'open' ? <LogView /> : <NoAccess me={state.me} />
  }
}

function useDocumentTitle(): void {
  const { session } = usePanel()
  const workspace = session.me.value?.workspace.name
  useEffect(() => {
    document.title = workspace ? t('titleOf', workspace) : t('auditLog')
  }, [workspace])
}

/** What the server did: a restore to be decided about, or misbehaviour. */
function Caught({ alarm }: { alarm: Evidence }) {
  return alarm.epoch ? <EpochDecision alarm={alarm} epoch={alarm.epoch} /> : <Alarm alarm={alarm} />
}
