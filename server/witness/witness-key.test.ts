import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createVerifier } from '../../shared/log/signature.ts'
import { createTestKey } from '../../test/support/test-log.ts'
import { createTestWitnessKey } from '../../test/support/test-witness.ts'
import { readPeerLogs, readWitnessPolicy } from './policy-files.ts'
import { openWitnessKey, type WitnessKeyOptions } from './witness-key.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trailside-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const options = (changes: Partial<WitnessKeyOptions> = {}): WitnessKeyOptions => ({
  ...{ path: join(folder, 'witness-key'), name: null, newName: 'audit.example/witness', mayCreate: true },
  ...{ clock: () => 1_700_000_000_500, randomBytes: length => new Uint8Array(length).fill(7), ...changes },
})
const save = (text: string) => {
  const path = join(folder, 'policy')
  writeFileSync(path, text)
  return path
}

describe('the witness key', () => {
  test('S4: is made once, for its owner only, cosigns, and comes back the same', async () => {
    const made = await openWitnessKey(options())
    expect(made.verifierKey).toMatch(/^audit\.example\/witness\+[0-9a-f]{8}\+B/)
    expect(statSync(options().path).mode & 0o777).toBe(0o600)
    const again = await openWitnessKey(options({ newName: 'another', mayCreate: false }))
    expect(again.verifierKey).toBe(made.verifierKey)
    const text = 'log.example\n0\nAAAA\n'
    expect(await createVerifier(made.verifierKey).verify(text, await again.cosigner.sign(text))).toBe(true)
  })

  test('keeps the name it was made under', async () => {
    await openWitnessKey(options({ name: 'witness.example/one' }))
    await expect(openWitnessKey(options({ name: 'witness.example/two' }))).rejects.toThrow('cannot become')
    await expect(openWitnessKey(options({ name: 'has space' }))).rejects.toThrow('cannot name a witness')
  })

  test('is not made anew where something was cosigned already', async () => {
    await expect(openWitnessKey(options({ mayCreate: false }))).rejects.toThrow('is missing')
  })

  test.skipIf(process.platform === 'win32')('is refused where others can read it', async () => {
    await openWitnessKey(options())
    chmodSync(options().path, 0o644)
    await expect(openWitnessKey(options())).rejects.toThrow('mode 644')
  })

  test('is refused where it is none', async () => {
    writeFileSync(options().path, 'PRIVATE+KEY+nonsense\n', { mode: 0o600 })
    await expect(openWitnessKey(options())).rejects.toThrow('is not a witness key')
  })
})

describe('the files that say who witnesses whom', () => {
  test('name the logs that are witnessed, with or without a quorum line', async () => {
    const { origin, verifierKeys } = await createTestKey()
    const line = `log ${verifierKeys.log}\n`
    expect(readPeerLogs(save(`# a peer\n${line}`)).map(({ name }) => name)).toEqual([origin])
    expect(readPeerLogs(save(`${line}quorum none\n`))).toHaveLength(1)
  })

  test('name the witnesses that are asked', async () => {
    const { verifierKey } = await createTestWitnessKey()
    const text = `witness w ${verifierKey} https://w.example/witness\nquorum w\n`
    expect(readWitnessPolicy(save(text)).quorum).toBe('w')
  })

  test('stop the server where they cannot be read, with the variable’s name', async () => {
    const { verifierKey } = await createTestWitnessKey()
    expect(() => readPeerLogs(join(folder, 'none'))).toThrow(/^TRAILSIDE_WITNESS_FOR: .* cannot be used/)
    expect(() => readPeerLogs(save('# nobody\n'))).toThrow('names no log')
    expect(() => readWitnessPolicy(save('quorum none\n'))).toThrow(/^TRAILSIDE_POLICY: .* names no witness/)
    expect(() => readWitnessPolicy(save(`witness w ${verifierKey} w.example\nquorum w\n`))).toThrow(
      'no web address',
    )
    expect(() => readWitnessPolicy(save(`witness w ${verifierKey}\n`))).toThrow('no quorum')
  })
})
