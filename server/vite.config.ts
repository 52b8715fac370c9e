import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/** One file, dependencies in it, native modules outside; built and kept fresh by `setup.mjs`. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  publicDir: false,
  ssr: { noExternal: true, external: ['@photostructure/sqlite'] },
  build: {
    ssr: 'server/main.ts',
    target: 'node20',
    sourcemap: true,
    minify: false,
    emptyOutDir: true,
    reportCompressedSize: false,
    rolldownOptions: {
      // A single file, so that a running server never looks for a chunk that a later build replaced.
      output: { format: 'es', entryFileNames: 'main.mjs', codeSplitting: false },
    },
  },
})
