/** Why something could not be had, as data (`Failure`) and as the error that carries it. */
import type { Failure } from '../worker/protocol.ts'

/** Thrown by the client, the cache, sync and export; crosses to the panel as its `failure`. */
export class FailureError extends Error {
  override name = 'FailureError'
  constructor(
    readonly failure: Failure,
    options?: ErrorOptions,
  ) {
    super(`${failure.kind} (${failure.code}): ${failure.detail}`, options)
  }
}

/** Nobody answered: no network, no server there, no permission for the host, or too slow. */
export function unreachable(code: 'no_answer' | 'timeout' | 'interrupted', detail: string): FailureError {
  return new FailureError({ kind: 'unreachable', code, detail })
}

/** Something answered, and not as a Trailside server of our version does. */
export function misbehaved(code: string, detail: string, extras: Partial<Failure> = {}): FailureError {
  return new FailureError({ ...extras, kind: 'misbehaved', code, detail })
}

/** The caller no longer wants the answer. */
export function cancelled(): FailureError {
  return new FailureError({ kind: 'cancelled', code: 'cancelled', detail: 'Cancelled' })
}

/** Any error as data. What is not ours is our own defect: `failed`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure
  const detail = error instanceof Error ? error.message : String(error)
  return { kind: 'failed', code: 'internal', detail }
}

export function isUnreachable(error: unknown): boolean {
  return error instanceof FailureError && error.failure.kind === 'unreachable'
}
