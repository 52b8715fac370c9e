/** One zip of several files, streamed, so that only the file being written is in memory. */
import { downloadZip } from 'client-zip'

export interface ZipInput {
  name: string
  input: Blob | string
}

export async function zipFiles(files: readonly ZipInput[], lastModified: Date): Promise<Blob> {
  const entries = files.map(file => ({ ...file, lastModified }))
  const blob = await downloadZip(entries).blob()
  return new Blob([blob], { type: 'application/zip' })
}
