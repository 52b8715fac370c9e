/** How many witnesses stand behind the log, in words. */
import type { QuorumState } from '../../cache/witness-record.ts'
import type { Quorum } from '../../state/trust-model.ts'
import { currentLanguage, formatCount, t } from '../text/translate.ts'

/** "Verified", or what keeps it from that. */
export function quorumWord(quorum: Quorum | null): string {
  if (quorum === 'unknown') return t('quorumUnknown')
  return quorum && !quorum.isMet ? t('belowQuorum') : t('verified')
}

/** "witnessed by 2 of 3", and below the quorum "missing: bob". */
export function quorumParts(quorum: Quorum | null): string[] {
  if (quorum === null || quorum === 'unknown') return []
  const counted = witnessedBy(quorum)
  return quorum.isMet ? [counted] : [counted, t('quorumMissing', missingNames(quorum))]
}

export function quorumTitle(quorum: QuorumState): string {
  return `${quorumWord(quorum)} · ${witnessedBy(quorum)}`
}

/** The names of those whose cosignature does not count. */
export function missingNames({ witnesses }: QuorumState): string {
  const names = witnesses.filter(({ counts }) => !counts).map(({ name }) => name)
  return new Intl.ListFormat(currentLanguage(), { type: 'unit', style: 'short' }).format(names)
}

function witnessedBy({ witnesses }: QuorumState): string {
  const count = witnesses.filter(({ counts }) => counts).length
  return t('witnessedBy', formatCount(count), formatCount(witnesses.length))
}
