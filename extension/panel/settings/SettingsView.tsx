/** Looks, times, cache, account and server. */
import { Segments } from '../controls/Segments.tsx'
import { ZonePicker } from '../log/TimesButton.tsx'
import { usePanel } from '../panel-context.ts'
import { Page } from '../shell/Page.tsx'
import { t } from '../text/translate.ts'
import { CacheSection } from './CacheSection.tsx'
import { ShortcutChoice } from './HelpSheet.tsx'
import { PasswordSection } from './PasswordSection.tsx'
import { ServerSection } from './ServerSection.tsx'

export function SettingsView() {
  return (
    <Page title={t('settings')}>
      <Appearance />
      <Times />
      <section class="settings-section">
        <h2>{t('keyboard')}</h2>
        <ShortcutChoice />
      </section>
      <CacheSection />
      <PasswordSection />
      <ServerSection />
    </Page>
  )
}

function Appearance() {
  const { settings } = usePanel()
  const { theme, density } = settings.settings.value
  return (
    <section class="settings-section">
      <h2>{t('appearance')}</h2>
      <Segments
        label={t('theme')}
        value={theme}
        options={[
          ['system', t('asSystem')],
          ['light', t('light')],
          ['dark', t('dark')],
        ]}
        onValue={value => settings.change({ theme: value })}
      />
      <Segments
        label={t('density')}
        value={density}
        options={[
          ['comfortable', t('comfortable')],
          ['compact', t('compact')],
        ]}
        onValue={value => settings.change({ density: value })}
      />
    </section>
  )
}

function Times() {
  const { settings } = usePanel()
  const { times, hours, zone } = settings.settings.value
  return (
    <section class="settings-section">
      <h2>{t('times')}</h2>
      <Segments
        label={t('showTimes')}
        value={times}
        options={[
          ['absolute', t('timesAbsolute')],
          ['relative', t('timesRelative')],
        ]}
        onValue={value => settings.change({ times: value })}
      />
      <Segments
        label={t('clock')}
        value={hours}
        options={[
          ['system', t('asSystem')],
          ['24', t('hours24')],
          ['12', t('hours12')],
        ]}
        onValue={value => settings.change({ hours: value })}
      />
      <ZonePicker value={zone} onValue={value => settings.change({ zone: value })} />
    </section>
  )
}
