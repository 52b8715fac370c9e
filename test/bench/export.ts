/** An export of realistic events as a panel makes it: the zip with its evidence and manifest. */
import type { ExportRequest } from '../../extension/worker/protocol.ts'
import type { LogKeys } from '../../shared/api.ts'
import { defaultColumnIds } from '../../shared/export/columns.ts'
import { exportZip } from '../support/export-zip.ts'
import { openPanelServer } from '../support/panel-server.ts'
import { createBrowser } from '../support/panel-window.ts'
import { realisticEvents } from './events.ts'

export interface MadeExport {
  zip: Uint8Array
  /** Of the log it is from. */
  keys: LogKeys
}

export async function makeExport(rows: number, format: ExportRequest['format']): Promise<MadeExport> {
  const server = await openPanelServer()
  const browser = createBrowser(server)
  try {
    await server.append(realisticEvents(rows))
    const { log } = await browser.openWhole(await server.signIn())
    const zip = await exportZip(log, {
      ...{ format, filter: {}, zone: 'Europe/Berlin', columns: [...defaultColumnIds] },
      ...{ byteOrderMark: false, rowsPerFile: 1000, proof: true, size: server.size() },
    })
    return { zip, keys: server.log.writer.keys }
  } finally {
    await browser.close()
    await server.close()
  }
}
