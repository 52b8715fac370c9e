/** The event proves itself: leaf, path and checkpoint, made and verified on this device when asked for. */
import { useState } from 'preact/hooks'
import { failureOf } from '../../api/failure.ts'
import type { EntryProof } from '../../sync/entry-proof.ts'
import type { Failure } from '../../worker/protocol.ts'
import { CopyButton } from '../controls/CopyButton.tsx'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Icon } from '../controls/Icon.tsx'
import { usePanel } from '../panel-context.ts'
import { fullTime } from '../text/time-words.ts'
import { counted, formatCount, t } from '../text/translate.ts'
import { Fact, FactSection } from './Facts.tsx'
import { FoldedText } from './FoldedText.tsx'

type State =
  | { name: 'closed' | 'busy' }
  | { name: 'failed'; failure: Failure }
  | { name: 'proven'; proof: EntryProof }

/** To be keyed by the event: each has a proof of its own. */
export function ProofFacts({ index }: { index: number }) {
  const { trust } = usePanel()
  const [state, setState] = useState<State>({ name: 'closed' })
  const prove = async () => {
    setState({ name: 'busy' })
    try {
      setState({ name: 'proven', proof: await trust.prove(index) })
    } catch (error) {
      setState({ name: 'failed', failure: failureOf(error) })
    }
  }
  if (state.name === 'proven') return <Proven proof={state.proof} />
  if (state.name === 'failed') return <FailureNote failure={state.failure} onRetry={() => void prove()} />
  return (
    <section class="detail-section">
      <h3>{t('proof')}</h3>
      <button
        type="button"
        class="button small"
        disabled={state.name === 'busy'}
        onClick={() => void prove()}
      >
        <Icon name="verified" />
        {t('proveEvent')}
      </button>
    </section>
  )
}

function Proven({ proof }: { proof: EntryProof }) {
  const { settings } = usePanel()
  const { hours } = settings.settings.value
  const { leafHash, path, size, signedAt, evidence } = proof
  const signed = fullTime(Date.parse(signedAt), settings.zone.value, hours)
  return (
    <>
      <FactSection title={t('proof')}>
        <Fact name={t('result')} value={null} shown={<span class="text-good">{t('provenHere')}</span>} />
        <Fact name={t('leafHash')} value={leafHash} mono />
        <Fact
          name={t('inclusionPath')}
          value={path.join('\n')}
          shown={
            <>
              {counted('hashes', path.length)}: <FoldedText text={path.join(' ')} limit={64} />
            </>
          }
          mono
        />
        <Fact name={t('checkpoint')} value={null} shown={t('checkpointOf', formatCount(size), signed)} />
      </FactSection>
      <CopyButton text={() => evidence} label={t('copyEvidence')} caption={t('copyEvidence')} />
      <p class="hint">{t('copyEvidenceHint')}</p>
    </>
  )
}
