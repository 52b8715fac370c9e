// A web page for the panel to stand beside in the pictures: plausible, plain, and nobody's.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface PlainSite {
  url: string
  close(): void
}

export async function openPlainSite(): Promise<PlainSite> {
  const site = createServer((_, response) => response.setHeader('content-type', 'text/html').end(page))
  await new Promise<void>(done => site.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(site.address() as AddressInfo).port}/`,
    close: () => void site.close(),
  }
}

const targets = [
  ['shop.example.com', 'Web application', 'Weekly', '2 h ago'],
  ['api.example.com', 'API', 'Daily', '5 h ago'],
  ['intranet.example.com', 'Web application', 'Monthly', '3 d ago'],
  ['blog.example.com', 'Web application', 'Weekly', '4 d ago'],
  ['pay.example.com', 'API', 'Daily', '1 h ago'],
  ['partners.example.com', 'Web application', 'Weekly', '6 d ago'],
  ['careers.example.com', 'Web application', 'Monthly', '11 d ago'],
]
const rows = targets
  .map(([name, kind, schedule, last]) => `<tr><td>${name}<td>${kind}<td>${schedule}<td>${last}</tr>`)
  .join('')

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Targets</title>
<meta name="color-scheme" content="light dark">
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 0; padding: 32px 40px }
  h1 { font-size: 24px; font-weight: 600; margin: 0 0 4px }
  p { margin: 0 0 24px; opacity: .65 }
  table { border-collapse: collapse; width: 100% }
  th { font-weight: 500; opacity: .65 }
  th, td { text-align: left; padding: 10px 12px 10px 0; border-bottom: 1px solid #8884; white-space: nowrap }
</style>
<h1>Targets</h1>
<p>${targets.length} targets, all of them scanned this month</p>
<table><tr><th>Name<th>Type<th>Schedule<th>Last scan</tr>${rows}</table>`
