import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/**
 * The bench as Node runs the server: bundled, not transformed while it runs. Each case is a chunk of its own. They lie
 * as deep below the root as their sources, so that what those find beside themselves is found.
 */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  publicDir: false,
  ssr: { noExternal: true, external: ['@photostructure/sqlite', 'playwright-core', 'vite'] },
  build: {
    ssr: 'test/bench/main.ts',
    outDir: '.output/bench',
    target: 'node20',
    sourcemap: true,
    minify: false,
    emptyOutDir: true,
    reportCompressedSize: false,
    rolldownOptions: { output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' } },
  },
})
