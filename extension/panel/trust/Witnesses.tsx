/** Who else stands behind the log: the witnesses that were asked for, and the panels that compare what they are shown. */
import type { QuorumState } from '../../cache/witness-record.ts'
import type { Quorum } from '../../state/trust-model.ts'
import type { SyncStatus } from '../../worker/protocol.ts'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { relativeTime } from '../text/time-words.ts'
import { counted, formatCount, t } from '../text/translate.ts'
import { missingNames, quorumTitle } from './quorum-words.ts'

type Company = NonNullable<SyncStatus['company']>

export function Witnesses() {
  const { trust } = usePanel()
  const [quorum, company] = [trust.quorum.value, trust.company.value]
  if (!quorum && !company) return null
  return (
    <section class="settings-section">
      <h2>{t('witnesses')}</h2>
      {quorum && <QuorumNote quorum={quorum} />}
      {quorum && quorum !== 'unknown' && <AskedFor quorum={quorum} company={company} />}
      {!quorum && company && <AskedByServer witnesses={company.witnesses} />}
      {company && <Panels company={company} />}
      {company?.witnessing && <Witnessing witnessing={company.witnessing} />}
    </section>
  )
}

function QuorumNote({ quorum }: { quorum: Quorum }) {
  if (quorum === 'unknown') return <p class="hint">{t('quorumUnknownMeans')}</p>
  const { isMet, checkpoint } = quorum
  return (
    <div class={isMet ? 'note' : 'note warn'}>
      <Icon name={isMet ? 'verified' : 'shield'} />
      <div class="note-body">
        <p class="note-title">{quorumTitle(quorum)}</p>
        {isMet && <p>{counted('quorumCovers', checkpoint.size)}</p>}
        {!isMet && <p>{t('belowQuorumMeans')}</p>}
        {!isMet && (
          <p>
            <SafeText text={t('quorumMissingMeans', missingNames(quorum))} />
          </p>
        )}
      </div>
    </div>
  )
}

/** The administrator's witnesses, by what was verified here; the server's words only for those that are missing. */
function AskedFor({ quorum, company }: { quorum: QuorumState; company: Company | null }) {
  const since = useAge()
  return (
    <ul class="witness-list">
      {quorum.witnesses.map(({ name, key, counts, at }) => {
        const told = company?.witnesses.find(each => each.key === key)
        const words = at === null ? t('hasNotCosigned') : cosignedWords(quorum.checkpoint.size, since(at))
        const remark = counts ? null : at === null ? toldWords(told?.error) : t('cosignedTooLongAgo')
        return <WitnessItem key={key} {...{ name, verifierKey: key, words, remark }} isGood={counts} />
      })}
    </ul>
  )
}

function AskedByServer({ witnesses }: Pick<Company, 'witnesses'>) {
  const since = useAge()
  if (witnesses.length === 0) return <p class="hint">{t('nobodyAsked')}</p>
  return (
    <>
      <p class="hint">{t('witnessesAsTold')}</p>
      <ul class="witness-list">
        {witnesses.map(({ name, key, size, at, error }) => {
          const words = size === null || at === null ? t('hasNotCosigned') : cosignedWords(size, since(at))
          const remark = toldWords(error)
          return <WitnessItem key={key} {...{ name, verifierKey: key, words, remark }} isGood={false} />
        })}
      </ul>
    </>
  )
}

interface WitnessItemProps {
  name: string
  verifierKey: string
  words: string
  /** It was verified here, and counts. */
  isGood: boolean
  remark: string | null
}

function WitnessItem({ name, verifierKey, words, isGood, remark }: WitnessItemProps) {
  return (
    <li class={isGood ? 'witness good' : 'witness'}>
      <Icon name={isGood ? 'verified' : 'shield'} />
      <div>
        <p>
          <strong>
            <SafeText text={name} />
          </strong>{' '}
          · {words}
        </p>
        <p class="witness-key mono">
          <SafeText text={verifierKey} max={Number.POSITIVE_INFINITY} />
        </p>
        {remark && (
          <p class="hint">
            <SafeText text={remark} />
          </p>
        )}
      </div>
    </li>
  )
}

function Panels({ company: { ownKey, panelsTotal } }: { company: Company }) {
  return (
    <>
      <p class="hint">{panelsTotal > 0 ? counted('panelsCompared', panelsTotal) : t('noPanels')}</p>
      {ownKey !== null && (
        <dl class="facts">
          <dt>{t('ownPanelKey')}</dt>
          <dd class="mono">
            <SafeText text={ownKey} max={Number.POSITIVE_INFINITY} />
          </dd>
        </dl>
      )}
    </>
  )
}

function Witnessing({ witnessing: { logs } }: { witnessing: NonNullable<Company['witnessing']> }) {
  return (
    <>
      <p class="hint">{t('serverWitnesses')}</p>
      <ul class="trust-list">
        {logs.map(({ origin, size }) => (
          <li key={origin}>
            <SafeText text={origin} /> · {size === null ? t('hasNotCosigned') : counted('entriesOfLog', size)}
          </li>
        ))}
      </ul>
    </>
  )
}

function toldWords(error: { detail: string } | null | undefined): string | null {
  return error ? t('serverSaysOfWitness', error.detail) : null
}

function cosignedWords(size: number, age: string): string {
  return t('cosignedSize', formatCount(size), age)
}

function useAge(): (at: string) => string {
  const { clock } = usePanel()
  const now = clock.now.value
  return at => relativeTime(Date.parse(at), now)
}
