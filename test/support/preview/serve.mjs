// Serves the preview: `node test/support/preview/serve.mjs [port]`.
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

const server = await createServer({
  configFile: false,
  root: fileURLToPath(new URL('.', import.meta.url)),
  cacheDir: fileURLToPath(new URL('../../../node_modules/.vite-preview', import.meta.url)),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: {
    host: '127.0.0.1',
    port: Number(process.argv[2] ?? 5199),
    hmr: false,
    fs: { allow: [fileURLToPath(new URL('../../..', import.meta.url))] },
  },
})
await server.listen()
server.printUrls()
