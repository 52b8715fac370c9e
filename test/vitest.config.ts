import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Projects: `unit` runs in Node, `dom` in happy-dom, `e2e` drives real browsers with the built extension. */
const root = fileURLToPath(new URL('..', import.meta.url))
const oxc = { jsx: { runtime: 'automatic', importSource: 'preact' } } as const
const ignored = ['**/node_modules/**', '.output/**']
/** Long, since a busy machine is no failure: a wait ends as soon as what it waits for is there. */
const patience = { poll: { timeout: 30_000 } }

export default defineConfig({
  root,
  oxc,
  test: {
    projects: [
      {
        root,
        oxc,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['{shared,server,extension,test}/**/*.test.ts'],
          exclude: [...ignored, 'extension/**/*.dom.test.ts', 'test/e2e/**'],
          testTimeout: 60_000,
          expect: patience,
        },
      },
      {
        root,
        oxc,
        test: {
          name: 'dom',
          environment: 'happy-dom',
          include: ['extension/**/*.test.tsx', 'extension/**/*.dom.test.ts'],
          exclude: ignored,
          testTimeout: 60_000,
          expect: patience,
          setupFiles: ['test/support/panel/patience.ts'],
        },
      },
      {
        root,
        oxc,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ignored,
          globalSetup: ['test/e2e/provision.mjs'],
          // Two browsers keep two cores busy; more would only wait for each other. After all others.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 240_000,
          expect: patience,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
