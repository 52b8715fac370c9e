/** The worker of a panel: cache, event index, sync and export, off the main thread. */
import * as z from 'zod/mini'
import { createLogService } from './log-service.ts'
import { serve } from './serve.ts'
import { workerWorld } from './world.ts'

// The extension's content security policy forbids compiling schemas to code; not even trying avoids its report.
z.config({ jitless: true })

const service = serve(self as unknown as Worker, post => createLogService(workerWorld(), post))

// The network is back: no need to wait for the next try. Where no log is open there is nothing to do.
addEventListener('online', () => void service.syncNow().catch(() => {}))
