/** What a server did, for people: what it means, in plain words. */
import type { AlarmCode } from '../../cache/witness-record.ts'
import { type MessageKey, t } from '../text/translate.ts'

const words: Record<AlarmCode, readonly [title: MessageKey, meaning: MessageKey]> = {
  bad_signature: ['alarmSignature', 'alarmSignatureMeans'],
  wrong_origin: ['alarmOrigin', 'alarmOriginMeans'],
  new_epoch: ['epochTitle', 'alarmOriginMeans'],
  rollback: ['alarmRollback', 'alarmRollbackMeans'],
  fork: ['alarmRewritten', 'alarmRewrittenMeans'],
  inconsistent: ['alarmRewritten', 'alarmRewrittenMeans'],
  stale: ['alarmStale', 'alarmStaleMeans'],
  wrong_bundle: ['alarmBundle', 'alarmBundleMeans'],
  split_view: ['alarmSplit', 'alarmSplitMeans'],
}

export function alarmWords(code: AlarmCode): { title: string; meaning: string } {
  const [title, meaning] = words[code]
  return { title: t(title), meaning: t(meaning) }
}
