/** Files dropped anywhere on the panel are verified, except where a field takes them for itself. */
import { useEffect } from 'preact/hooks'
import { usePanel } from '../panel-context.ts'

export function useDroppedFiles(): void {
  const { session, verifying } = usePanel()
  useEffect(() => {
    const onDragOver = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
    }
    const onDrop = (event: DragEvent) => {
      const files = [...(event.dataTransfer?.files ?? [])]
      if (event.defaultPrevented || files.length === 0) return
      // Never opened by the browser in the panel's place.
      event.preventDefault()
      if (session.state.peek().name === 'open') void verifying.verify(files)
    }
    window.addEventListener('dragover', onDragOver)
    window.addEventListener('drop', onDrop)
    return () => {
      window.removeEventListener('dragover', onDragOver)
      window.removeEventListener('drop', onDrop)
    }
  }, [session, verifying])
}
