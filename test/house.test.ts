// The rules of the house that no compiler checks: who may import whom, and what may lie where.
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const ignored = new Set(['.git', 'node_modules', '.output', '.wxt', 'data', 'test-results'])
const topLevel = [
  ...['package.json', 'package-lock.json', 'wxt.config.ts', 'tsconfig.json', 'biome.json'],
  ...['extension', 'server', 'shared', 'test'],
  ...['README.md', 'CHANGELOG.md', 'SPEC.md', 'LICENSE', '.ci', '.gitignore', '.npmrc'],
]

interface Import {
  from: string
  /** A path in the project, or a package's or built-in module's name. */
  to: string
  typeOnly: boolean
}

const files = list('')
const sources = files.filter(file => /^(shared|server|extension)\/.*\.tsx?$/.test(file))
const product = sources.filter(file => !/\.test\.tsx?$/.test(file))
const imports = product.flatMap(readImports)

test('the top level holds only the fixed names', () => {
  const names = readdirSync(root).filter(name => !ignored.has(name) && !name.endsWith('.log'))
  expect(names.filter(name => !topLevel.includes(name))).toEqual([])
})

test('no file is named for nothing in particular', () => {
  expect(files.filter(file => /(^|[/.-])(utils?|helpers?|common|misc)[./-]/.test(file))).toEqual([])
})

test('files are kebab-case; components PascalCase', () => {
  const name = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/
  const component = /^[A-Z][A-Za-z0-9]*(\.test|\.dom\.test)?\.tsx$/
  const odd = sources.filter(
    file => !name.test(posix.basename(file)) && !component.test(posix.basename(file)),
  )
  expect(odd).toEqual([])
})

test('shared imports nothing of ours, of Node or of the browser', () => {
  forbid(({ from, to }) => within(from, 'shared') && (/^(server|extension|test)\//.test(to) || isWorldly(to)))
})

test('server and extension never import each other', () => {
  forbid(({ from, to }) => within(from, 'server') && within(to, 'extension'))
  forbid(({ from, to, typeOnly }) => {
    const isTypedClient = within(from, 'extension/api') && typeOnly
    return within(from, 'extension') && within(to, 'server') && !isTypedClient
  })
})

test('imports in the server point down: main, app, routes, the parts, store', () => {
  const isHttp = (to: string) =>
    /^(hono|@hono)(\/|$)/.test(to) || /^server\/(routes\/|app\.ts|main\.ts)/.test(to)
  const parts = ['server/intake', 'server/log', 'server/access', 'server/witness', 'server/feed']
  forbid(({ from, to }) => within(from, 'server/store') && isHttp(to))
  forbid(
    ({ from, to }) => parts.some(part => within(from, part)) && /^server\/(routes\/|app\.|main\.)/.test(to),
  )
})

test('imports in the extension point down: entrypoints, panel, state, sync, cache and api', () => {
  const layers = ['platform', 'api cache', 'sync export', 'worker', 'state', 'panel', 'entrypoints']
  const height = (path: string) =>
    layers.findIndex(layer => layer.split(' ').some(name => within(path, `extension/${name}`)))
  forbid(({ from, to, typeOnly }) => {
    const known = height(from) >= 0 && height(to) >= 0
    return known && !typeOnly && height(to) > height(from)
  })
})

test('only platform and entrypoints touch the browser', () => {
  const others = product.filter(file => !/^extension\/(platform|entrypoints)\//.test(file))
  expect(others.filter(file => /(?<![\w.$])(chrome|browser)\.[a-z]/.test(code(file)))).toEqual([])
  forbid(({ from, to }) => to.startsWith('wxt/browser') && !/^extension\/(platform|entrypoints)\//.test(from))
})

test('the panel never calls the network', () => {
  const panel = product.filter(file => within(file, 'extension/panel'))
  const network = /(?<![\w.$])(fetch\s*\(|new (XMLHttpRequest|WebSocket|EventSource)\b)/
  expect(panel.filter(file => network.test(code(file)))).toEqual([])
})

test('entrypoints are wiring: 40 lines at most', () => {
  const entrypoints = product.filter(file => within(file, 'extension/entrypoints'))
  const lengths = entrypoints.map(file => `${file}: ${read(file).trimEnd().split('\n').length} lines`)
  expect(lengths.filter(line => Number(/(\d+) lines$/.exec(line)?.[1]) > 40)).toEqual([])
})

test('no file only passes on what others export', () => {
  const barrels = product.filter(file => {
    const rest = code(file).replace(/export\s+(type\s+)?(\*(\s+as\s+\w+)?|\{[^}]*\})\s+from\s+'[^']*';?/g, '')
    return rest.trim() === '' && code(file).trim() !== ''
  })
  expect(barrels).toEqual([])
})

test('no text of the project names a machine or a registry', () => {
  // Written with a class each, so that this file does not find itself.
  const machine = /(?:^|[\s"'`(=:])\/(?:[w]ork|[r]oot|[h]ome\/\w+|[U]sers\/\w+)\//m
  const registry =
    /https?:\/\/(?!registry\.npmjs\.org)[^\s"'/]*(?:[r]egistry|[a]rtifactory|[n]exus|[v]erdaccio)/
  const texts = files.filter(file => /\.(m?[jt]sx?|json|md|css|html|ya?ml)$|(^|\/)(run|\.npmrc)$/.test(file))
  const found = texts.flatMap(file => {
    const text = read(file)
    return [machine, registry].flatMap(pattern => {
      const match = pattern.exec(text)
      return match ? [`${file}: ${match[0].trim()}`] : []
    })
  })
  expect(found).toEqual([])
})

function forbid(isWrong: (each: Import) => boolean): void {
  expect(imports.filter(isWrong).map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
}

function within(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`)
}

function isWorldly(module: string): boolean {
  return /^(node:|wxt(\/|$)|hono|dexie|preact|@preact\/|better-auth|kysely|pino)/.test(module)
}

function readImports(from: string): Import[] {
  const text = code(from)
  const statements = [...text.matchAll(/^(?:import|export)\b([^'";]*?)\bfrom\s*['"]([^'"]+)['"]/gm)]
  const bare = [...text.matchAll(/\bimport\s*\(?\s*['"]([^'"]+)['"]/g)]
  return [
    ...statements.map(([, what, to]) => ({
      from,
      to: resolve(from, to!),
      typeOnly: /^\s*type\b/.test(what!),
    })),
    ...bare.map(([, to]) => ({ from, to: resolve(from, to!), typeOnly: false })),
  ]
}

function resolve(from: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : specifier
}

/** Its text without comments. */
function code(file: string): string {
  return read(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1')
}

function read(file: string): string {
  return readFileSync(root + file, 'utf8')
}

function list(folder: string): string[] {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap(entry => {
    const path = posix.join(folder, entry.name)
    if (entry.isDirectory()) return folder === '' && ignored.has(entry.name) ? [] : list(path)
    return [path]
  })
}
