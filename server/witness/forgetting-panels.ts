/** Who is erased from the log is not named beside what their panels cosigned either. */
import { ProblemError } from '../../shared/problem.ts'
import type { Eraser } from '../log/erasure.ts'
import type { WitnessStore } from './witness-store.ts'

export function forgettingPanels(eraser: Eraser, store: Pick<WitnessStore, 'forgetPerson'>): Eraser {
  return {
    async erase(request, by) {
      const forget = () => store.forgetPerson(request.actor)
      const erased = eraser.erase(request, by)
      // A legal hold keeps all there is. Whatever else stops an erasure, asking again does no harm.
      await erased.then(forget, error => isHeld(error) || forget())
      return erased
    },
  }
}

function isHeld(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'on_hold'
}
