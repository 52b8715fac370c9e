/** Where an import goes: to the backend at work on the folder, else into the folder itself. */
import type { Backend } from '../backend.ts'
import { createHttpSink } from '../intake/http-sink.ts'
import type { ImportSink } from '../intake/import.ts'
import { createLogSink } from '../intake/log-sink.ts'
import { runningBackend } from '../store/data-folder.ts'
import type { OpenSinkOptions } from './import.ts'

export async function openImportSink(
  { data, key }: OpenSinkOptions,
  openFolder: (data: string) => Promise<Backend>,
): Promise<ImportSink & { close(): Promise<void> }> {
  const running = runningBackend(data)
  if (running) {
    return { ...createHttpSink({ baseUrl: running.url, key: key ?? running.secret }), close: async () => {} }
  }
  const { writer, normalise, close } = await openFolder(data)
  return { ...createLogSink(events => writer.append(events), normalise), close }
}
