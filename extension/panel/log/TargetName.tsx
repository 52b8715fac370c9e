/** On what. An id keeps both its ends in view: they tell ids apart. */
import type { Row } from '../../../shared/event-index/event-index.ts'
import { SafeText } from '../text/SafeText.tsx'
import { formatCount } from '../text/translate.ts'

const tailLength = 8
/** What nearly every address begins and ends with says nothing in a narrow row; the detail shows it whole. */
const frameOfAddress = /^https?:\/\/(?=.)|(?<=.)\/$/g
const looksLikeId = /^(?=.*\d)[\w:/-]{20,}$/

export function TargetName({ targets }: { targets: Row['targets'] }) {
  const [first] = targets
  if (!first) return null
  const more = targets.length - 1
  const label = /^https?:/.test(first.label) ? first.label.replaceAll(frameOfAddress, '') : first.label
  return (
    <>
      <span class="clip" title={first.label.slice(0, 400)}>
        {looksLikeId.test(label) ? <BothEnds text={label} /> : <SafeText text={label} max={160} />}
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
