import { fireEvent, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, describe, expect, test } from 'vitest'
import { demoLog, endPanels, now, renderLog } from '../../../test/support/panel/render-panel.tsx'
import type { AlarmCode, EpochOffer, Evidence, WitnessRecord } from '../../cache/witness-record.ts'

afterEach(endPanels)

const pinned = {
  ...{
    origin: 'audit.example/acme',
    log: 'audit.example/acme+0badc0de+AQ==',
    time: 'audit.example/acme/time+0+BA==',
  },
  ...{ by: 'first_use' as const, at: '2026-11-01T08:00:00.000Z' },
}
const seen = {
  ...{ size: 128_402, root: 'r', note: 'note' },
  signedAt: new Date(now - 40_000).toISOString(),
}
const record: WitnessRecord = {
  ...{ server: 'https://audit.acme.example', pinned, seen, checkedAt: seen.signedAt, alarm: null },
  ...{
    first: { size: 90_000, at: pinned.at },
    lookAgain: false,
    rotations: [],
    trail: [],
    past: [],
    earlier: [],
  },
}

function alarmOf(code: AlarmCode, change: Partial<Evidence> = {}): Evidence {
  return {
    ...{
      code,
      detail: 'The log has 5 entries',
      at: new Date(now).toISOString(),
      server: record.server,
      pinned,
    },
    ...{ believed: seen, shown: 'another note', proof: null, mismatch: null, offered: null, ...change },
  }
}

async function openWith(alarm: Evidence | null) {
  const log = demoLog(50)
  log.status = { ...log.status, trust: { ...record, alarm }, phase: alarm ? 'misbehaved' : 'live' }
  return renderLog({ log })
}

async function openTrust(trust: WitnessRecord) {
  const log = demoLog(50)
  log.status = { ...log.status, trust, phase: 'live' }
  const { panel } = await renderLog({ log })
  panel.navigation.go('trust')
  await screen.findByRole('heading', { name: 'Verification' })
}

describe('the shield', () => {
  test('says quietly what was verified, and its page what that means and what not', async () => {
    await openWith(null)
    fireEvent.click(screen.getByRole('button', { name: /^Verified · 128,402 events · checkpoint 40 ?s/ }))
    expect(screen.getByRole('heading', { name: 'Verification' })).toBeTruthy()
    expect(screen.getByText(pinned.log)).toBeTruthy()
    expect(screen.getByText(/^Pinned at first use, 1 Nov 2026/)).toBeTruthy()
    expect(screen.getByText(/first contact was taken as it was found/)).toBeTruthy()
    expect(screen.getByText(/could show other people another log/)).toBeTruthy()
    expect(screen.getByText('Copy fingerprint')).toBeTruthy()
  })

  test('tells of every change of the key that the trusted one announced', async () => {
    const after = { ...pinned, log: 'the new key', time: 'its time key' }
    const rotation = {
      ...{ before: pinned, after, index: 120_001, size: 120_002, proof: 'evidence' },
      ...{ changedAt: '2026-11-20T09:30:00.000Z', followedAt: '2026-11-20T09:31:00.000Z' },
    }
    await openTrust({ ...record, pinned: after, rotations: [rotation] })
    expect(
      screen.getByText(
        /^The log changed its key on 20 Nov 2026.*, announced by the key trusted here until then: entry 120,001/,
      ),
    ).toBeTruthy()
    expect(screen.queryByText('The policy names an older key')).toBeNull()
  })

  test('says so where the policy names a key that has handed over', async () => {
    await openTrust({ ...record, pinned: { ...pinned, by: 'policy', policyKey: 'the key before' } })
    expect(screen.getByText('The policy names an older key')).toBeTruthy()
  })

  test('claims nothing before anything was verified', async () => {
    await renderLog({ log: demoLog(50) })
    expect(screen.getByRole('button', { name: 'Not verified yet' })).toBeTruthy()
    expect(screen.queryByRole('alertdialog')).toBeNull()
  })
})

describe('the quorum of an administrator’s policy', () => {
  const policy = 'witness ada …'
  const witness = (name: string, counts: boolean, at: string | null = seen.signedAt) => ({
    ...{ name, key: `${name}.example+0badc0de+BA==`, counts, at: counts ? seen.signedAt : at },
  })
  const managed = (quorum: WitnessRecord['quorum'], change: Partial<typeof record> = {}) => {
    const log = demoLog(50)
    log.status = { ...log.status, trust: { ...record, quorum: quorum ?? null, ...change }, phase: 'live' }
    return log
  }
  const openAsked = async (log: ReturnType<typeof managed>) => {
    const rendered = await renderLog({ log })
    rendered.panel.sync.quorumAsked.value = policy
    return rendered
  }
  const met = {
    ...{ policy, isMet: true, checkpoint: seen },
    witnesses: [witness('ada', true), witness('bob', false, null), witness('cyd', true)],
  }
  const unmet = {
    ...{ policy, isMet: false, checkpoint: seen },
    witnesses: [witness('ada', true), witness('bob', false, null), witness('cyd', false)],
  }

  test('is said beside "Verified" where it is met', async () => {
    await openAsked(managed(met))
    fireEvent.click(
      await screen.findByRole('button', { name: /^Verified · witnessed by 2 of 3 · 128,402 events/ }),
    )
    expect(screen.getByText(/cosigned the first 128,402 entries, verified by this panel/)).toBeTruthy()
    expect(screen.getByText('bob.example+0badc0de+BA==')).toBeTruthy()
  })

  test('is plainly short where it is not, names who is missing, and is no alarm', async () => {
    const log = managed(unmet)
    log.status = { ...log.status, company: companyOf([toldOf('bob', { detail: 'It cannot be reached' })]) }
    await openAsked(log)
    const banner = (await screen.findByText(/^1 of 3 witnesses stand behind what is shown/)).closest(
      '[role="status"]',
    )
    expect(banner!.textContent).toContain('Missing: bob, cyd.')
    expect(screen.getByRole('grid')).toBeTruthy()
    const words = /^Below the quorum · witnessed by 1 of 3 · missing: bob, cyd · 128,402 events/
    fireEvent.click(await screen.findByRole('button', { name: words }))
    expect(screen.queryByRole('alertdialog')).toBeNull()
    expect(screen.getByText('Below the quorum · witnessed by 1 of 3')).toBeTruthy()
    expect(screen.getByText(/Nobody is accused by that/)).toBeTruthy()
    expect(screen.getByText('The server says: It cannot be reached')).toBeTruthy()
    expect(screen.getByText(/Too long ago to count/)).toBeTruthy()
  })

  test('is claimed neither before it was looked at, nor by what another policy found', async () => {
    for (const quorum of [null, { ...met, policy: 'another' }]) {
      await openAsked(managed(quorum))
      await screen.findByRole('button', { name: /^Witnesses not checked yet/ })
      expect(screen.queryByRole('button', { name: /^Verified/ })).toBeNull()
      endPanels()
    }
  })

  test('gives way to an alarm', async () => {
    await openAsked(managed(met, { alarm: alarmOf('split_view') }))
    expect(screen.getByRole('alertdialog', { name: /shown another log/ })).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Not trusted' })).toBeTruthy()
  })
})

const toldOf = (name: string, error: { detail: string } | null = null) => ({
  ...{ name, key: `${name}.example+0badc0de+BA==`, asked: true, size: error ? null : 128_400 },
  ...{
    at: error ? null : seen.signedAt,
    error: error && { code: 'unreachable', at: seen.signedAt, ...error },
  },
})
const companyOf = (witnesses: ReturnType<typeof toldOf>[], change: object = {}) => ({
  ...{ witnesses, witnessing: null, panelsTotal: 0, ownKey: null, ...change },
})

describe('who else stands behind the log', () => {
  async function openTrust(company: ReturnType<typeof companyOf>) {
    const log = demoLog(50)
    log.status = { ...log.status, trust: record, company, phase: 'live' }
    const { panel } = await renderLog({ log })
    panel.navigation.go('trust')
    return screen.findByRole('heading', { name: 'Witnesses' })
  }

  test('is told as the server’s words where no policy holds it to them', async () => {
    await openTrust(companyOf([toldOf('ada'), toldOf('bob', { detail: 'It answered 500' })]))
    expect(screen.getByText(/As the server says/)).toBeTruthy()
    expect(screen.getByText(/cosigned 128,400 entries, 40/)).toBeTruthy()
    expect(screen.getByText('The server says: It answered 500')).toBeTruthy()
    expect(screen.getByText(/^No panel has handed in/)).toBeTruthy()
  })

  test('names this panel’s key, how many panels compare, and what the server witnesses itself', async () => {
    const logs = [{ origin: 'peer.example/log', size: 12, at: seen.signedAt }]
    const witnessing = { key: 'w', logs }
    await openTrust(companyOf([], { panelsTotal: 3, ownKey: 'acme/panel/00c0ffee+1+BA==', witnessing }))
    expect(screen.getByText('The server asks nobody to cosign its log.')).toBeTruthy()
    expect(screen.getByText(/^3 panels have handed in/)).toBeTruthy()
    expect(screen.getByText('acme/panel/00c0ffee+1+BA==')).toBeTruthy()
    expect(screen.getByText(/12 entries/).textContent).toBe('peer.example/log · 12 entries')
  })
})

describe('the alarm', () => {
  test.each<[AlarmCode, RegExp]>([
    ['bad_signature', /not signed by its key/],
    ['wrong_origin', /keeps another log/],
    ['rollback', /missing from the end/],
    ['fork', /rewritten/],
    ['inconsistent', /rewritten/],
    ['stale', /old state/],
    ['wrong_bundle', /not in the log/],
    ['split_view', /shown another log/],
  ])('names %s, takes the focus, and leaves the last good state in view', async (code, words) => {
    await openWith(alarmOf(code))
    const alarm = screen.getByRole('alertdialog', { name: words })
    await waitFor(() => expect(document.activeElement).toBe(alarm))
    expect(alarm.textContent).toContain('128,402 events')
    expect(screen.getByRole('grid')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Not trusted' })).toBeTruthy()
    expect(within(alarm).queryByText('Accept a new log…')).toBeNull()
  })

  test('saves the evidence, whole', async () => {
    const alarm = alarmOf('fork')
    const { saved } = await openWith(alarm)
    fireEvent.click(screen.getByText('Save evidence'))
    expect(saved[0]?.name).toMatch(/^trailside-evidence-\d{8}T\d{6}Z\.json$/)
    expect(JSON.parse(await saved[0]!.blob.text())).toEqual({ format: 'trailside-evidence/1', ...alarm })
  })

  test('ends when the server was asked again and its answer held', async () => {
    const { log } = await openWith(alarmOf('rollback'))
    fireEvent.click(screen.getByText('Check again'))
    await waitFor(() => expect(log.calls.map(({ name }) => name)).toContain('lookAgain'))
    log.setStatus({ phase: 'live', trust: { ...record, past: [alarmOf('rollback')] } })
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
  })
})

describe('another log', () => {
  const offered = { origin: 'audit.example/acme/epoch2', log: 'the new key', time: 'its time key' }

  test('is accepted with its key from elsewhere and a deliberate tick, never by a click', async () => {
    const { log } = await openWith(alarmOf('wrong_origin', { offered }))
    fireEvent.click(screen.getByText('Accept a new log…'))
    const accept = screen.getByRole<HTMLButtonElement>('button', { name: 'Accept this log' })
    expect(document.body.textContent).not.toContain(offered.log)
    const key = screen.getByLabelText('Key of the new log')
    fireEvent.input(key, { target: { value: 'a key of somebody else' } })
    fireEvent.click(screen.getByRole('checkbox', { name: /its past cannot be checked/ }))
    expect(accept.disabled).toBe(true)
    expect(screen.getByText(/not the key of the log/)).toBeTruthy()
    fireEvent.input(key, { target: { value: ` ${offered.log}\n` } })
    expect(accept.disabled).toBe(false)
    fireEvent.click(accept)
    await waitFor(() => expect(log.calls).toContainEqual({ name: 'acceptLog', args: [offered.log] }))
  })

  test('cannot be accepted where the administrator pinned one', async () => {
    await openWith(alarmOf('wrong_origin', { offered, pinned: { ...pinned, by: 'policy' } }))
    expect(screen.queryByText('Accept a new log…')).toBeNull()
  })
})

describe('a restored log', () => {
  const keys = { origin: 'audit.example/acme/epoch2', log: 'the new key', time: 'its time key' }
  const epoch: EpochOffer = {
    ...{ keys, shown: seen, kept: 128_000, provenTo: 127_500, lost: { from: 128_000, to: 128_402 } },
    ...{ backupAt: '2026-11-20T02:00:00.000Z', restoredAt: '2026-11-23T08:00:00.000Z' },
    ...{ begunAt: '2026-11-23T08:01:00.000Z', reason: 'the disk failed', proofs: ['evidence'] },
  }
  const restored = (change: Partial<Evidence> = {}) =>
    alarmOf('new_epoch', { offered: keys, epoch, ...change })
  const name = 'This log was restored from a backup'

  test('is a decision in calm words: what is lost, what was compared, both keys', async () => {
    await openWith(restored())
    const box = screen.getByRole('alertdialog', { name })
    await waitFor(() => expect(document.activeElement).toBe(box))
    const words = box.textContent
    expect(words).toMatch(/The backup is of 20 Nov 2026/)
    expect(words).toContain('402 events that you have seen (128,000 – 128,401) are not in it any more.')
    expect(words).toContain('the first 127,500 events are what was verified before')
    for (const told of [pinned.log, keys.log, 'the disk failed']) expect(words).toContain(told)
    expect(words).not.toMatch(/rewritten|caught|alarm/i)
    expect(screen.getByRole('grid')).toBeTruthy()
  })

  test('is accepted by a person who was told of the restore, never by a click alone', async () => {
    const { log } = await openWith(restored())
    const accept = screen.getByRole<HTMLButtonElement>('button', { name: 'Accept the restored log' })
    expect(accept.disabled).toBe(true)
    fireEvent.click(screen.getByRole('checkbox', { name: /have told me of this restore/ }))
    expect(accept.disabled).toBe(false)
    fireEvent.click(accept)
    await waitFor(() => expect(log.calls).toContainEqual({ name: 'acceptLog', args: [keys.log] }))
  })

  test('may wait: the log as it was stays in view, and one line says so', async () => {
    const { log } = await openWith(restored())
    fireEvent.click(screen.getByRole('button', { name: 'Keep the log as it was' }))
    expect(screen.queryByRole('alertdialog')).toBeNull()
    expect(screen.getByText(/as it was before it was restored/)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Restored, not accepted' })).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Decide…' }))
    expect(screen.getByRole('alertdialog', { name })).toBeTruthy()
    expect(log.calls.map(call => call.name)).not.toContain('acceptLog')
  })

  test('that lost nothing this panel has seen says so', async () => {
    await openWith(restored({ epoch: { ...epoch, lost: null } }))
    expect(screen.getByRole('alertdialog', { name }).textContent).toContain(
      'Nothing that this panel has seen',
    )
  })

  test('is for the administrator to accept where a policy pins the log before', async () => {
    await openWith(restored({ pinned: { ...pinned, by: 'policy' } }))
    expect(screen.queryByRole('button', { name: 'Accept the restored log' })).toBeNull()
    expect(screen.getByText(/Ask your administrator to name the new one/)).toBeTruthy()
  })

  test('saves its evidence, the proofs with it', async () => {
    const { saved } = await openWith(restored())
    fireEvent.click(screen.getByText('Save evidence'))
    expect(JSON.parse(await saved[0]!.blob.text())).toMatchObject({ code: 'new_epoch', epoch })
  })
})

describe('the proof of an event', () => {
  test('is shown in its detail when asked for, and copied as one text', async () => {
    const { panel } = await renderLog({ log: demoLog(50) })
    await panel.detail.open(7, null)
    fireEvent.click(await screen.findByText('Prove that this event is in the log'))
    expect(await screen.findByText('Proven on this device')).toBeTruthy()
    expect(screen.getByText('ab'.repeat(32))).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Copy evidence' })).toBeTruthy()
  })

  test.each([
    ['pinned', /key is the one pinned in this browser/],
    ['carried', /brings its own key/],
  ] as const)(
    'of somebody else is verified on the page, with what its %s key is worth',
    async (key, words) => {
      const log = demoLog(50)
      log.finding = {
        ...{
          holds: true,
          key,
          event: log.events[3]!,
          leafHash: 'ab',
          origin: 'audit.example/acme',
          size: 50,
        },
        signedAt: now / 1000,
      }
      const { panel } = await renderLog({ log })
      panel.navigation.go('trust')
      fireEvent.input(await screen.findByLabelText('Evidence'), {
        target: { value: 'c2sp.org/tlog-proof@v1' },
      })
      fireEvent.click(screen.getByRole('button', { name: 'Verify' }))
      expect(await screen.findByText('The evidence holds')).toBeTruthy()
      expect(screen.getByText(words)).toBeTruthy()
    },
  )

  test('that does not hold is never passed over', async () => {
    const { panel } = await renderLog({ log: demoLog(50) })
    panel.navigation.go('trust')
    fireEvent.input(await screen.findByLabelText('Evidence'), { target: { value: 'nonsense' } })
    fireEvent.click(screen.getByRole('button', { name: 'Verify' }))
    expect(await screen.findByText('The evidence does not hold')).toBeTruthy()
  })
})
