import { defineConfig } from 'wxt'

/** The extension: one side panel, the fewest permissions that work, host access asked for per server. */
export default defineConfig({
  srcDir: 'extension',
  publicDir: 'extension/public',
  outDir: '.output',
  imports: false,
  vite: () => ({ oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } } }),
})
