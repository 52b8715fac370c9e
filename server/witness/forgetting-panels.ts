/** Who is erased from the log is not named beside what their panels cosigned either. */
import type { Eraser } from '../log/erasure.ts'
import type { WitnessStore } from './witness-store.ts'

export function forgettingPanels(eraser: Eraser, store: Pick<WitnessStore, 'forgetPerson'>): Eraser {
  return {
    erase(request, by) {
      // First: whatever stops the erasure, asking again does no harm.
      store.forgetPerson(request.actor)
      return eraser.erase(request, by)
    },
  }
}
