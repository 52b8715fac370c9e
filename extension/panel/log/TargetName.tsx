/** On what. An id keeps both its ends in view: they tell ids apart. */
import type { Row } from '../../../shared/event-index/event-index.ts'
import { SafeText } from '../text/SafeText.tsx'
import { formatCount } from '../text/translate.ts'

const tailLength = 8
const looksLikeId = /^(?=.*\d)[\w:/-]{20,}$/

export function TargetName({ targets }: { targets: Row['targets'] }) {
  const [first] = targets
  if (!first) return null
  const more = targets.length - 1
  return (
    <>
      <span class="clip" title={first.label.slice(0, 400)}>
        {looksLikeId.test(first.label) ? (
          <BothEnds text={first.label} />
        ) : (
          <SafeText text={first.label} max={160} />
        )}
      </span>
      {more > 0 && <span class="more-targets">+{formatCount(more)}</span>}
    </>
  )
}

function BothEnds({ text }: { text: string }) {
  return (
    <bdi class="both-ends">
      <span class="clip">{text.slice(0, Math.min(160, text.length - tailLength))}</span>
      <span>{text.slice(-tailLength)}</span>
    </bdi>
  )
}
