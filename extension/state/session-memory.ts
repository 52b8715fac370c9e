/** What outlives the panel's document: the server's address on disk, the session in the browser's memory only. */
import type { Me } from '../../shared/api.ts'

export interface RememberedServer {
  origin: string
}

/** `me` is kept so that the cached log opens while the server is away. */
export interface RememberedSession {
  server: string
  token: string
  me: Me
}

export interface Memory<T> {
  read(): Promise<T | null>
  write(value: T): Promise<void>
  clear(): Promise<void>
  /** Calls back when any window changes the value, this one too. Returns how to stop. */
  watch(onChange: (value: T | null) => void): () => void
}

export interface SessionMemory {
  server: Memory<RememberedServer>
  session: Memory<RememberedSession>
}
