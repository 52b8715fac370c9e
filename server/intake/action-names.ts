/** From the words an export shows ("Scan started") back to the keys the catalogue has (`scan.started`). */
import { areaOf, catalogue } from '../../shared/catalogue.ts'
import { foldName } from './columns.ts'

const actionByWords = new Map<string, string>()
const areaByWords = new Map<string, string>()
const areaByFirstWord = new Map<string, string>()
for (const area of catalogue) {
  areaByWords.set(foldName(area.label), area.id)
  areaByWords.set(foldName(area.id), area.id)
  for (const [action, label] of area.actions) {
    actionByWords.set(foldName(label), action)
    actionByWords.set(foldName(action), action)
    const first = action.split('.')[0]!
    if (!areaByFirstWord.has(first)) areaByFirstWord.set(first, area.id)
  }
}
areaByFirstWord.set('user', 'users')
areaByFirstWord.set('website', 'targets')

/** The area's key; words nobody knows become a key of their own that reads the same. */
export function areaKey(words: string): string {
  return areaByWords.get(foldName(words)) ?? slug(words, '-')
}

/**
 * The action's key, by the catalogue where it knows the words. A key stays as it is. Other words become a key in the
 * given area, or the one their first word suggests.
 */
export function actionKey(words: string, area: string | null): string {
  const known = actionByWords.get(foldName(words))
  if (known !== undefined) return known
  if (/^[\w-]+(\.[\w-]+)+$/.test(words)) return words
  const name = slug(words, '_')
  return `${area ?? areaByFirstWord.get(name.split('_')[0]!) ?? 'other'}.${name}`
}

/** Whether the catalogue knows these words, so that nothing is lost by keeping the key alone. */
export function isKnownAction(words: string): boolean {
  return actionByWords.has(foldName(words))
}

/** What an action by itself says of its outcome. */
export function outcomeOf(action: string): 'success' | 'failure' | 'denied' {
  const name = action.slice(action.lastIndexOf('.') + 1)
  if (/(^|_)(denied|blocked|rate_limited|locked_out)$/.test(name)) return 'denied'
  return /(^|_)(failed|failure)$/.test(name) ? 'failure' : 'success'
}

/** The area where it differs from what the action itself implies; else null, for intake to fill in. */
export function statedArea(area: string | null, action: string): string | undefined {
  return area !== null && area !== areaOf(action) ? area : undefined
}

function slug(words: string, joint: string): string {
  const parts = words
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
  return (parts ?? ['other']).join(joint)
}
