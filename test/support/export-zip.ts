/** Exports made by a panel's worker, as files by name, so that tests can change them. */
import { zipSync } from 'fflate'
import type { LogClient } from '../../extension/worker/log-client.ts'
import type { ExportRequest } from '../../extension/worker/protocol.ts'
import { nodeHasher } from '../../server/node-hasher.ts'
import { readZip } from '../../shared/export/read-zip.ts'
import { type ExportReport, verifyExport } from '../../shared/export/verify.ts'
import type { Trust } from '../../shared/export/verify-checkpoint.ts'
import { parsePolicy } from '../../shared/log/policy.ts'

export type FilesByName = Map<string, Uint8Array>

export async function exportZip(log: LogClient, request: ExportRequest): Promise<Uint8Array> {
  const { blob } = await log.call('export', crypto.randomUUID(), { ...request, proof: true })
  return new Uint8Array(await blob.arrayBuffer())
}

export async function unpack(zip: Uint8Array): Promise<FilesByName> {
  const { names, read } = readZip(zip)
  return new Map(await Promise.all(names!.map(async name => [name, (await read(name))!] as const)))
}

/** Compressed, as a person would pack the files again. */
export function pack(files: FilesByName): Uint8Array {
  return zipSync(Object.fromEntries(files))
}

export function trustIn(key: string): Trust {
  return { policy: parsePolicy(`log ${key}\nquorum none\n`), by: 'key' }
}

export function verifyFiles(files: FilesByName, trust: Trust | null): Promise<ExportReport> {
  const read = async (name: string) => files.get(name) ?? null
  return verifyExport({ names: [...files.keys()], read }, { hasher: nodeHasher, trust })
}

/** The files with one of them changed. */
export function withFile(files: FilesByName, name: string, bytes: Uint8Array): FilesByName {
  return new Map(files).set(name, bytes)
}

/** The one file whose name ends so. */
export function fileEnding(files: FilesByName, end: string): [name: string, bytes: Uint8Array] {
  return [...files].find(([name]) => name.endsWith(end))!
}
