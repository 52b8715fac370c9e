/** The OpenAPI document as one plain page: no script, nothing fetched. */
import { html } from 'hono/html'

interface ApiParameter {
  name: string
  in: string
  description?: string
  required?: boolean
}

export interface ApiOperation {
  summary?: string
  description?: string
  tags?: string[]
  parameters?: ApiParameter[]
  requestBody?: { content?: Record<string, { schema?: unknown }> }
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: unknown }> }>
  'x-permission'?: string
}

export interface ApiDocument {
  info: { title: string; version: string; description?: string }
  paths: Record<string, Record<string, ApiOperation>>
  components?: { schemas?: Record<string, unknown> }
}

const style = `
:root { color-scheme: light dark; --line: light-dark(#d8dde5, #2d3440); --soft: light-dark(#5b6675, #9aa6b6); --code: light-dark(#f3f5f8, #171c24); }
body { font: 15px/1.55 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 6rem; background: light-dark(#fff, #0f1319); color: light-dark(#18202b, #e4e9f0); }
h1 { margin: 0 0 .25rem } h2 { margin: 2.5rem 0 .5rem; border-bottom: 1px solid var(--line) }
section { margin: 1.5rem 0; padding-left: 1rem; border-left: 3px solid var(--line) }
h3 { font: 600 15px/1.4 ui-monospace, monospace; margin: 0; overflow-wrap: anywhere } h3 b { color: light-dark(#0b5d4b, #5fd4b4) }
p { margin: .25rem 0 } .soft { color: var(--soft) }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 } td { padding: .25rem .5rem .25rem 0; vertical-align: top; border-top: 1px solid var(--line) }
code, pre { font: 13px/1.5 ui-monospace, monospace; background: var(--code); border-radius: 4px } code { padding: .1em .3em } pre { padding: .75rem; overflow: auto; max-height: 24rem }
summary { cursor: pointer; padding: .25rem 0 }
a { color: inherit }`

export function referencePage(document: ApiDocument) {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const tags = [...new Set(operations.map(each => each.operation.tags?.[0] ?? 'Other'))]
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${document.info.title} API</title><style>${style}</style></head>
<body>
<h1>${document.info.title} <span class="soft">${document.info.version}</span></h1>
<p>${document.info.description ?? ''}</p>
<p>Machine-readable: <a href="openapi.json">openapi.json</a> (OpenAPI 3.1)</p>
${tags.map(
  tag =>
    html`<h2>${tag}</h2>${operations
      .filter(each => (each.operation.tags?.[0] ?? 'Other') === tag)
      .map(each => operationSection(each.path, each.method, each.operation))}`,
)}
</body></html>`
}

function operationSection(path: string, method: string, operation: ApiOperation) {
  return html`<section>
<h3><b>${method.toUpperCase()}</b> ${path}</h3>
<p>${operation.summary ?? ''} <span class="soft">· needs ${operation['x-permission'] ?? 'nothing'}</span></p>
${operation.description ? html`<p class="soft">${operation.description}</p>` : ''}
${operation.parameters?.length ? html`<table>${operation.parameters.map(parameterRow)}</table>` : ''}
${Object.values(operation.requestBody?.content ?? {}).map(each => schemaBlock('Body', each.schema))}
${Object.entries(operation.responses ?? {})
  .filter(([status]) => status.startsWith('2'))
  .map(([status, response]) =>
    Object.entries(response.content ?? {}).map(([type, content]) =>
      schemaBlock(`${status} · ${type}`, content.schema),
    ),
  )}
</section>`
}

function parameterRow(parameter: ApiParameter) {
  return html`<tr><td><code>${parameter.name}</code></td><td class="soft">${parameter.in}${parameter.required ? ', needed' : ''}</td><td>${parameter.description ?? ''}</td></tr>`
}

function schemaBlock(title: string, schema: unknown) {
  return html`<details><summary>${title}</summary><pre>${JSON.stringify(schema, null, 2)}</pre></details>`
}
