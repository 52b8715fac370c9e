/** Parts of UUIDs looked for in their bytes, as if each were written out in small letters. */
const form = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** Where the dashes stand in the 36 characters. */
const dashes = [8, 13, 18, 23]
const bytesEach = 16

export function isUuid(text: string): boolean {
  return text.length === 36 && form.test(text)
}

export function mayBeInUuid(phrase: string): boolean {
  return phrase.length <= 36 && /^[0-9a-f-]+$/.test(phrase)
}

/** Numbers of the UUIDs, 16 bytes each, whose written form holds the phrase; one may come twice. */
export function findUuids(bytes: Buffer, phrase: string): number[] {
  const digits = phrase.replaceAll('-', '')
  const offsets = startsOf(phrase)
  if (digits.length < 4) return findByText(bytes, phrase)
  return [0, 1].flatMap(parity => {
    const own = new Set(offsets.filter(offset => offset % 2 === parity))
    return own.size > 0 ? findAligned(bytes, digits, own, parity) : []
  })
}

/** Digits from the first one at which the phrase may begin, where its dashes are those of the form. */
function startsOf(phrase: string): number[] {
  const starts: number[] = []
  for (let start = 0; start + phrase.length <= 36; start++) {
    const fits = Array.from(phrase).every((letter, i) => (letter === '-') === dashes.includes(start + i))
    if (fits) starts.push(start - dashes.filter(dash => dash < start).length)
  }
  return starts
}

/** Looks for the whole bytes of the digits, then at the half ones around them. */
function findAligned(bytes: Buffer, digits: string, offsets: ReadonlySet<number>, parity: number): number[] {
  const whole = digits.slice(parity, digits.length - ((digits.length - parity) % 2))
  const sought = Buffer.from(whole, 'hex')
  const found: number[] = []
  for (let at = bytes.indexOf(sought); at >= 0; at = bytes.indexOf(sought, at + 1)) {
    const uuid = Math.floor(at / bytesEach)
    const offset = (at % bytesEach) * 2 - parity
    if (!offsets.has(offset)) continue
    const written = bytes.toString('hex', uuid * bytesEach, (uuid + 1) * bytesEach)
    if (written.startsWith(digits, offset)) found.push(uuid)
  }
  return found
}

function findByText(bytes: Buffer, phrase: string): number[] {
  const found: number[] = []
  for (let at = 0; at < bytes.length; at += bytesEach) {
    const digits = bytes.toString('hex', at, at + bytesEach)
    const groups = [0, 8, 12, 16, 20].map((start, i, all) => digits.slice(start, all[i + 1] ?? 32))
    if (groups.join('-').includes(phrase)) found.push(at / bytesEach)
  }
  return found
}
