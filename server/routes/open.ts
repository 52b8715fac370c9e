/** Where links to a view lead (see `shared/view-link.ts`): a page that says how to open one. It reads and runs nothing. */
import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { html, raw } from 'hono/html'
import { secureHeaders } from 'hono/secure-headers'
import { describeRoute } from 'hono-openapi'
import { viewLinkPath } from '../../shared/view-link.ts'
import { answersWith } from './answers.ts'
import type { Environment } from './environment.ts'
import { permit } from './permit.ts'

const style = `
:root { color-scheme: light dark }
body { font: 16px/1.6 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto 0; padding: 0 1.25rem; background: light-dark(#fff, #0f1319); color: light-dark(#18202b, #e4e9f0) }
h1 { font-size: 1.4rem; margin: 0 0 .5rem } ol { padding-left: 1.25rem } li { margin: .5rem 0 }
kbd { font: 600 13px/1.4 system-ui, sans-serif; padding: .1em .4em; border: 1px solid light-dark(#b9c2cf, #465063); border-radius: 4px }
p.soft { color: light-dark(#5b6675, #9aa6b6); font-size: 14px }`

/** To be put before the policy for all: what runs first has the last word. */
export const openPageHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: [`'sha256-${createHash('sha256').update(style).digest('base64')}'`],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
})

const page = html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <title>A view of the Audit log</title>
    <style>${raw(style)}</style>
  </head>
  <body>
    <h1>A view of the Audit log</h1>
    <p>Someone shared this view with you. It opens in the Trailside panel:</p>
    <ol>
      <li>Copy this page’s address, with all that follows the <kbd>#</kbd>.</li>
      <li>Click <b>Trailside</b> in the browser’s toolbar, and sign in.</li>
      <li>Paste the address into the search field, or press <kbd>Ctrl</kbd> <kbd>K</kbd> (<kbd>⌘</kbd> <kbd>K</kbd>) and paste it there.</li>
    </ol>
    <p class="soft">What the view asks for stands behind the # only, which browsers send to nobody. You see what you may see.</p>
  </body>
</html> `

export function openRoutes() {
  return new Hono<Environment>().get(
    viewLinkPath,
    describeRoute({
      summary: 'How to open a link to a view',
      description: 'A page without script. The view itself stands in the fragment, which is never sent.',
      tags: ['Operation'],
      responses: answersWith('text/html', 'A page'),
    }),
    permit('open'),
    c => c.html(page),
  )
}
