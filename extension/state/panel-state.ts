/** All of the panel's models, made once from what the browser gives, and followed while the panel lives. */
import { effect, untracked } from '@preact/signals'
import type { LogClient } from '../worker/log-client.ts'
import type { Failure } from '../worker/protocol.ts'
import { type AddressFragment, createAddressFragment } from './address-fragment.ts'
import { createAdminModel } from './admin-model.ts'
import { createClock } from './clock.ts'
import { createDetailModel } from './detail-model.ts'
import { createExportModel } from './export-model.ts'
import { createFacetModel } from './facet-model.ts'
import { createFilterModel } from './filter-model.ts'
import { createHistogramModel } from './histogram-model.ts'
import { createImportModel } from './import-model.ts'
import { createLinkModel } from './link-model.ts'
import { createLogModel } from './log-model.ts'
import { createNameBook } from './name-book.ts'
import { createNavigationModel } from './navigation-model.ts'
import { createNoticeModel } from './notice-model.ts'
import { createLogBook } from './query-book.ts'
import { createQueryModel } from './query-model.ts'
import { createRetentionModel } from './retention-model.ts'
import type { SessionMemory } from './session-memory.ts'
import { createSessionModel, type HostAccess } from './session-model.ts'
import { createSettingsModel, type SettingsStore } from './settings-model.ts'
import { createSourceModel } from './source-model.ts'
import { createSyncModel } from './sync-model.ts'
import { createTrustModel } from './trust-model.ts'
import { createVerifyModel } from './verify-model.ts'
import { createViewsModel } from './views-model.ts'

export interface PanelDependencies {
  log: LogClient
  memory: SessionMemory
  hosts: HostAccess
  settings: SettingsStore
  fetch: typeof fetch
  saveFile(name: string, blob: Blob): void
  window: Window
  /** The logs that this browser's administrator pinned, unchecked. */
  managedLogs?: () => Promise<unknown>
  /** For tests: the present, and another place for the filter than the window's address. */
  now?: () => number
  address?: AddressFragment
}

export type PanelState = ReturnType<typeof createPanelState>

export function createPanelState(given: PanelDependencies) {
  const { log, memory, hosts, fetch, saveFile, window } = given
  const address = given.address ?? createAddressFragment(window)
  const clock = createClock(given.now)
  const settings = createSettingsModel(given.settings)
  const session = createSessionModel({ memory, hosts, log, fetch })
  const sync = createSyncModel(log, session, given.managedLogs)
  const { zone } = settings
  const filter = createFilterModel(address, zone, clock)
  const list = createLogModel({ log, sync, filter: filter.filter, zone })
  const histogram = createHistogramModel({ log, list, sync, settings })
  const names = createNameBook(log)
  const logBook = createLogBook(log, names)
  const query = createQueryModel({
    ...{ log, list, filter, logBook, zone, clock },
    mayFilterIp: () => session.may('audit_log.read_personal'),
  })
  const facets = createFacetModel({ log, view: list.view, names, zone, since: histogram.since })
  const detail = createDetailModel({ log, list, names, address })
  const notices = createNoticeModel()
  const trust = createTrustModel({ log, sync, save: saveFile })
  const newId = () => crypto.randomUUID()
  const exporting = createExportModel({
    log,
    view: list.view,
    newest: list.newest,
    zone,
    settings,
    clock,
    save: saveFile,
    newId,
  })
  const onRefused = (failure: Failure) => {
    if (failure.status === 401) session.sessionEnded()
    if (failure.status === 403) void session.refresh()
  }
  const views = createViewsModel({
    ...{ log, sync, filter, zone, newId },
    ...{ now: clock.read, client: session.client },
  })
  const admin = createAdminModel(session.client, onRefused)
  const verifying = createVerifyModel(log)
  const importing = createImportModel(session.client, onRefused)
  const sources = createSourceModel(session.client, { session, clock, onRefused })
  const retention = createRetentionModel(session.client, onRefused)
  const navigation = createNavigationModel()
  const links = createLinkModel({ server: session.server, filter, detail, navigation })

  /** What one person looked for and was shown is none of the next one's. A session that ran out keeps its person. */
  function followPerson(): () => void {
    let before: string | undefined
    return effect(() => {
      const person = session.me.value?.id
      if (before !== undefined && person !== before) untracked(forgetPerson)
      before = person
    })
  }

  function forgetPerson(): void {
    notices.clear()
    navigation.go('log')
    navigation.helpIsOpen.value = false
    navigation.palette.value = null
    exporting.cancel()
    exporting.close()
    admin.forget()
    sources.forget()
    importing.forget()
    retention.forget()
    detail.close()
    filter.clear()
    logBook.forget()
  }

  return {
    clock,
    settings,
    session,
    sync,
    trust,
    filter,
    query,
    list,
    histogram,
    names,
    facets,
    detail,
    exporting,
    verifying,
    importing,
    admin,
    sources,
    retention,
    navigation,
    links,
    views,
    notices,
    /** Begins; returns the way to end all of it. */
    start(): () => void {
      const ends = [
        session.follow(),
        filter.followFragment(),
        sync.follow(),
        list.follow(),
        histogram.follow(),
        detail.follow(sync),
        names.follow(list.view, sync.opened),
        facets.follow(),
        query.follow(),
        views.follow(),
        exporting.follow(),
        sources.follow(),
        settings.applyTo(window.document.documentElement),
        followPerson(),
        clock.stop,
      ]
      void settings.load()
      void session.start()
      return () => {
        for (const end of ends) end()
      }
    },
  }
}
