/** The query language in people's words. */
import type { Mistake, MistakeKind } from '../../../shared/query/parse.ts'
import { datePresets } from '../../state/filter-dates.ts'
import { presetLabel } from '../text/filter-words.ts'
import { type MessageKey, t } from '../text/translate.ts'

const keyMeanings: Record<string, MessageKey> = {
  action: 'keyAction',
  area: 'keyArea',
  user: 'keyUser',
  target: 'keyTarget',
  outcome: 'keyOutcome',
  channel: 'keyChannel',
  ip: 'keyIp',
  changed: 'queryChanged',
  after: 'keyAfter',
  before: 'keyBefore',
  on: 'keyOn',
  last: 'keyLast',
}

export function keyMeaning(key: string): string {
  return t(keyMeanings[key]!)
}

/** `today` or `7d` as the dates are called everywhere. */
export function movingLabel(text: string): string {
  const preset = datePresets.find(known => known === text)
  return preset ? presetLabel(preset) : text
}

const mistakeKeys: Record<MistakeKind, MessageKey> = {
  key: 'mistakeKey',
  choice: 'mistakeChoice',
  name: 'mistakeName',
  many: 'mistakeMany',
  ip: 'mistakeIp',
  date: 'mistakeDate',
  empty: 'mistakeEmpty',
  negated: 'mistakeNegated',
  unclosed: 'mistakeUnclosed',
  reversed: 'mistakeReversed',
}

/** What is wrong, in a sentence. */
export function mistakeWords({ kind, key, found }: Mistake): string {
  const about = kind === 'key' || kind === 'empty' || kind === 'negated' ? key : found
  return t(mistakeKeys[kind], about.slice(0, 60))
}
