// The pictures of the docked panel: every view at three widths, light and dark, from the real demo workspace.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { lacksDisplay } from './display.ts'
import { launchPanel, type PanelBrowser } from './harness.ts'
import { startServer, type TestServer } from './server.ts'

/** What leads to a view, in the order in which the pictures are taken. */
interface View {
  name: string
  show(browser: PanelBrowser, server: TestServer): Promise<void>
}

// To be completed with the panel's own roles and labels: list, detail, export, empty, no access.
const views: View[] = [
  { name: 'first-run', show: async ({ panel }) => void (await panel.waitForLoadState()) },
]

const widths = [360, 420, 640]
const schemes = ['light', 'dark'] as const

/** Takes all pictures, or those of the named views: `npm run pictures -- list detail`. */
export async function makePictures(names: string[]): Promise<void> {
  const lacking = lacksDisplay('import')
  if (lacking) console.error(`Pictures of the panel alone, not docked: ${lacking}.`)
  const wanted = names.length ? views.filter(view => names.includes(view.name)) : views
  const server = await startServer()
  const site = await openSite()
  try {
    for (const colorScheme of schemes)
      for (const width of widths) {
        const size = { width: 1280, height: 800 }
        const browser = await launchPanel({
          width,
          colorScheme,
          window: size,
          headed: !lacking,
          hosts: [server.url],
          open: false,
        })
        try {
          await browser.page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
          await browser.openPanel()
          for (const view of wanted) {
            await view.show(browser, server)
            console.log(await browser.picture(`${view.name}-${width}-${colorScheme}`))
          }
        } finally {
          await browser.close()
        }
      }
  } finally {
    site.close()
    await server.close()
  }
}

/** Something plain for the panel to stand beside. */
async function openSite(): Promise<Server> {
  const site = createServer((_, response) => response.setHeader('content-type', 'text/html').end(page))
  await new Promise<void>(done => site.listen(0, '127.0.0.1', done))
  return site
}

const targets = [
  'shop.example.com',
  'api.example.com',
  'intranet.example.com',
  'blog.example.com',
  'pay.example.com',
]
const rows = targets
  .map((name, row) => `<tr><td>${name}<td>${12 + row * 7}<td>${row * 3}<td>${row + 1} h ago</tr>`)
  .join('')

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Targets</title>
<meta name="color-scheme" content="light dark">
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 0; padding: 32px 40px }
  h1 { font-size: 24px; font-weight: 600; margin: 0 0 20px }
  table { border-collapse: collapse; width: 100% }
  th { font-weight: 500; opacity: .65 }
  th, td { text-align: left; padding: 10px 12px; border-bottom: 1px solid #8884 }
</style>
<h1>Targets</h1>
<table><tr><th>Name<th>Scans<th>Findings<th>Last scan</tr>${rows}</table>`
