import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Projects: `unit` runs in Node, `dom` in happy-dom, `e2e` drives real browsers with the built extension. */
const root = fileURLToPath(new URL('..', import.meta.url))
const oxc = { jsx: { runtime: 'automatic', importSource: 'preact' } } as const
const ignored = ['**/node_modules/**', '.output/**']

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
          testTimeout: 30_000,
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
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
