// The stand-in platform to try Trailside with: `node test/support/platform/serve.mjs [port] [entries]`. An entry happens every
// few seconds. It is HTTPS under an authority of its own, whose certificate is written to a file.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const loader = await createServer({
  configFile: false,
  root,
  appType: 'custom',
  logLevel: 'error',
  server: { middlewareMode: true, hmr: false, watch: null, ws: false },
})
const load = name => loader.ssrLoadModule(`/test/support/platform/${name}`)
const { createStandIn, enterpriseUser, platformKey } = await load('stand-in.ts')
const { createAuthority, createCertificate } = await load('certificates.ts')
const { serveStandIn } = await load('https-server.ts')

const [port = 0, history = 20_000] = process.argv.slice(2).map(Number)
const platform = createStandIn({ clock: Date.now, history })
const authority = await createAuthority()
const { url } = await serveStandIn(platform, await createCertificate({ authority }), port)
const folder = mkdtempSync(join(tmpdir(), 'stand-in-platform-'))
const [ca, key] = [join(folder, 'ca.pem'), join(folder, 'key')]
writeFileSync(ca, authority.cert)
writeFileSync(key, platformKey)
setInterval(() => platform.happen(1), 5000)

process.stdout.write(`
  A stand-in platform with ${history} entries answers at ${url}

    base URL    ${url}
    API key     ${platformKey}  (Enterprise: user id ${enterpriseUser.id}, token ${enterpriseUser.token})
    private CA  ${ca}
    names       /api/people, /api/targets

  npm run -s trailside -- source add --data ./data --name "Stand-in" --url ${url} --key-file ${key} --ca ${ca} \\
    --users-path /api/people --targets-path /api/targets
`)
