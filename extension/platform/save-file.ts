/** Handing a file to the user through an anchor, which needs no `downloads` permission. */

/** Saves under `name`; the browser may ask where. Needs a document. */
export function saveFile(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = name
  anchor.click()
  // The download reads the blob after the click returns; a minute is ample and the memory is not needed sooner.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
