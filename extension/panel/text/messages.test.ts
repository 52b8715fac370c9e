import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import messages from '../../public/_locales/en/messages.json' with { type: 'json' }

const panel = fileURLToPath(new URL('..', import.meta.url))
const manifestKeys = ['appName', 'appDescription', 'openPanel']

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => /\.tsx?$/.test(entry.name) && !entry.name.includes('.test.'))
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
}

test('every message is used somewhere, so that translators translate nothing in vain', () => {
  const source = sourceFiles(panel).join('\n')
  const unused = Object.keys(messages).filter(key => {
    const name = key.replace(/_(one|other)$/, '')
    return !manifestKeys.includes(key) && !source.includes(`'${name}'`)
  })
  expect(unused).toEqual([])
})

test('counted messages come in both forms with the same substitutions', () => {
  const known: Record<string, { message: string }> = messages
  for (const key of Object.keys(known).filter(name => name.endsWith('_other'))) {
    const one = known[key.replace(/_other$/, '_one')]
    expect(one, key).toBeDefined()
    const places = (text: string) => [...new Set(text.match(/\$\d/g))].sort()
    expect(places(one!.message), key).toEqual(places(known[key]!.message))
  }
})

test('keys are such as browsers accept', () => {
  expect(Object.keys(messages).filter(key => !/^[A-Za-z0-9_]+$/.test(key))).toEqual([])
})
