/** Text from an event: isolated from its surroundings' direction, deceptive characters made visible. */
import { hasOddCharacters, spellOddCharacters, splitOddCharacters } from './odd-characters.ts'

interface SafeTextProps {
  text: string
  /** Longer text is cut here with an ellipsis. */
  max?: number
}

/** Above this length one element a character would cost too much: the names go into the text itself. */
const longText = 20_000

export function SafeText({ text, max = 400 }: SafeTextProps) {
  const shown = text.length > max ? `${text.slice(0, max)}…` : text
  if (!hasOddCharacters(shown)) return <bdi>{shown}</bdi>
  if (shown.length > longText) return <bdi>{spellOddCharacters(shown)}</bdi>
  return (
    <bdi>
      {splitOddCharacters(shown).map(part =>
        part.odd ? (
          <span class="odd-character" title={`${part.odd}`}>
            {part.odd}
          </span>
        ) : (
          part.text
        ),
      )}
    </bdi>
  )
}
