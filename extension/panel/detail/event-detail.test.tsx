import { fireEvent, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, expect, test, vi } from 'vitest'
import { FakeLog } from '../../../test/support/panel/fake-log.ts'
import { generateEvents } from '../../../test/support/panel/generated-events.ts'
import { hostileEvent } from '../../../test/support/panel/hostile-event.ts'
import { endPanels, now, renderLog, settled } from '../../../test/support/panel/render-panel.tsx'

afterEach(endPanels)

const pane = () => screen.findByRole('region', { name: 'Event details' })

async function openHostile() {
  const log = new FakeLog([hostileEvent(0, new Date(now - 1_000).toISOString())])
  await renderLog({ log })
  fireEvent.click(screen.getAllByRole('row')[0]!)
  const detail = await pane()
  await within(detail).findByRole('heading', { name: 'Changes' })
  return detail
}

test('a row opens to a sentence, and Escape goes back to the list', async () => {
  const { panel } = await renderLog()
  fireEvent.click(screen.getAllByRole('row')[2]!)
  const detail = await pane()
  await within(detail).findByRole('heading', { level: 2 })
  expect(within(detail).getByText('3 of 500')).toBeDefined()
  fireEvent.keyDown(document.body, { key: 'Escape' })
  await waitFor(() => expect(panel.detail.state.value.name).toBe('closed'))
  expect(document.activeElement).toBe(screen.getByRole('grid'))
})

test('newer and older step through the list, and the row follows', async () => {
  const { panel } = await renderLog()
  fireEvent.click(screen.getAllByRole('row')[0]!)
  const detail = await pane()
  const older = await within(detail).findByRole('button', { name: 'Older event' })
  expect((within(detail).getByRole('button', { name: 'Newer event' }) as HTMLButtonElement).disabled).toBe(
    true,
  )
  fireEvent.click(older)
  await within(detail).findByText('2 of 500')
  expect(screen.getByRole('grid').getAttribute('aria-activedescendant')).toBe('event-row-1')
  expect(panel.detail.state.value).toMatchObject({ name: 'open', index: panel.list.rowAt(1)!.index })
})

test('the keys that move through the list move through the open events', async () => {
  const { panel } = await renderLog()
  fireEvent.click(screen.getAllByRole('row')[0]!)
  await within(await pane()).findByText('1 of 500')
  fireEvent.keyDown(document.body, { key: 'j' })
  await within(await pane()).findByText('2 of 500')
  expect(panel.detail.state.value).toMatchObject({ index: panel.list.rowAt(1)!.index })
})

test('in a narrow panel nothing behind the open event can be reached', async () => {
  await renderLog()
  window.innerWidth = 360
  fireEvent(window, new Event('resize'))
  fireEvent.click(screen.getAllByRole('row')[0]!)
  await pane()
  expect(document.querySelector('.log-pane')!.hasAttribute('inert')).toBe(true)
  window.innerWidth = 1024
  fireEvent(window, new Event('resize'))
  await waitFor(() => expect(document.querySelector('.log-pane')!.hasAttribute('inert')).toBe(false))
})

test('before and after: what came and went, long values folded', async () => {
  const detail = await openHostile()
  const changes = within(detail).getByRole('heading', { name: 'Changes' }).parentElement!
  expect(changes.textContent).toContain('refund_limit')
  expect(changes.textContent).toMatch(/Before 50.*After 500/)
  expect(changes.textContent).toContain('1 item unchanged')
  expect(changes.textContent!.length).toBeLessThan(3_000)
  fireEvent.click(within(changes).getByRole('button', { name: 'Show all 1,000,000 characters' }))
  await waitFor(() => expect(changes.textContent!.length).toBeGreaterThan(1_000_000))
})

test('hostile fields make no elements and hide nothing', async () => {
  const detail = await openHostile()
  fireEvent.click(within(detail).getByRole('button', { name: 'Raw JSON' }))
  expect(detail.querySelector('script, img, b, iframe')).toBeNull()
  expect(detail.textContent).not.toMatch(/\p{Cc}(?<!\n)|\p{Cf}/u)
  expect(detail.textContent).toContain('<b>bold</b>')
  for (const bdi of detail.querySelectorAll('.fact-value')) expect(bdi.textContent).not.toBe('')
})

test('pivots filter by the value, and can be undone', async () => {
  const { panel, log } = await renderLog()
  const row = screen.getAllByRole('row').findIndex(element => element.textContent!.includes('Maria Jensen'))
  fireEvent.click(screen.getAllByRole('row')[row]!)
  const detail = await pane()
  fireEvent.click(await within(detail).findByRole('button', { name: 'Only Maria Jensen' }))
  await settled(panel)
  expect(panel.list.listing.value!.total).toBe(log.events.filter(event => event.actor.id === 'u-01').length)
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }))
  await screen.findByText('500 events')
})

test('what is withheld is shown as withheld, with the permission it needs', async () => {
  const [event] = generateEvents({ count: 1, until: now, days: 1 })
  const log = new FakeLog([
    {
      ...event!,
      actor: { ...event!.actor, name: null, email: null },
      context: { ...event!.context, ip: null },
      withheld: ['actor.name', 'actor.email', 'context.ip', 'changes'],
    },
  ])
  await renderLog({ log })
  fireEvent.click(screen.getAllByRole('row')[0]!)
  const detail = await pane()
  const ip = await within(detail).findByText('IP address')
  expect(ip.parentElement!.textContent).toContain('Withheld (needs “See personal data in the audit log”)')
  const changes = within(detail).getByRole('heading', { name: 'Changes' }).parentElement!
  expect(changes.textContent).toContain('Withheld')
})

test('what was erased is told from what is withheld from this reader', async () => {
  const [event] = generateEvents({ count: 1, until: now, days: 1 })
  const actor = { ...event!.actor, name: null, email: null }
  const withheld = ['actor.name', 'actor.email', 'changes']
  await renderLog({ log: new FakeLog([{ ...event!, actor, withheld, erased: ['actor.name', 'changes'] }]) })
  fireEvent.click(screen.getAllByRole('row')[0]!)
  const detail = await pane()
  const name = await within(detail).findByText('Name')
  expect(name.parentElement!.textContent).toBe('NameErased')
  const email = within(detail).getByText('E-mail')
  expect(email.parentElement!.textContent).toContain('Withheld (needs “See personal data in the audit log”)')
  expect(within(detail).getByRole('heading', { name: 'Changes' }).parentElement!.textContent).toBe(
    'ChangesErased',
  )
  expect(detail.textContent).toContain('erased for good: nobody can see them any more')
})

test('a name that the log forgets is gone from list, chip, facets and the open event', async () => {
  const { panel, log } = await renderLog({ address: 'actor=u-01' })
  await screen.findAllByRole('button', { name: /Maria Jensen/ })
  fireEvent.click(screen.getAllByRole('row')[0]!)
  await within(await pane()).findByRole('heading', { level: 2 })
  panel.facets.open('actor')
  await waitFor(() => expect(panel.facets.lists.value.actor).toBeDefined())
  expect(document.body.textContent).toContain('Maria Jensen')
  log.rewrite(
    log.events
      .filter(event => event.actor.id === 'u-01')
      .map(event => ({
        ...event,
        actor: { ...event.actor, name: null, email: null },
        withheld: ['actor.name', 'actor.email'],
        erased: ['actor.name', 'actor.email'],
      })),
  )
  await waitFor(() => expect(document.body.textContent).not.toContain('Maria Jensen'))
  expect(JSON.stringify(panel.facets.lists.value)).not.toContain('Maria')
  expect(document.body.textContent).toContain('u-01')
})

test('values and the whole event can be copied', async () => {
  const written: string[] = []
  vi.stubGlobal('navigator', {
    ...navigator,
    clipboard: { writeText: async (text: string) => void written.push(text) },
  })
  const { log } = await renderLog()
  fireEvent.click(screen.getAllByRole('row')[0]!)
  const detail = await pane()
  fireEvent.click(await within(detail).findByRole('button', { name: 'Copy JSON' }))
  await screen.findByText('Copied')
  expect(JSON.parse(written[0]!)).toEqual(log.events.at(-1))
  fireEvent.click(within(detail).getByRole('button', { name: 'Copy Event ID' }))
  await waitFor(() => expect(written[1]).toBe(log.events.at(-1)!.id))
  vi.unstubAllGlobals()
})

test('the open event is in the address and opens again from it', async () => {
  const { address } = await renderLog({ address: 'event=7' })
  const detail = await pane()
  await within(detail).findByText('evt-000007')
  fireEvent.click(within(detail).getByRole('button', { name: 'Back to the list' }))
  expect(address.text).toBe('')
})

test('an event that nobody has is not an empty event', async () => {
  await renderLog({ address: 'event=99999' })
  const detail = await pane()
  await within(detail).findByText('This event is not to be had')
})

test('a name that the log learnt later stands beside the event, and says that it is no part of it', async () => {
  const [named, before] = generateEvents({ count: 2, until: now, days: 1 })
  const nameless = { ...before!.actor, type: 'user' as const, id: 'u-77', name: null, email: null }
  const target = { type: 'user', id: 'u-77', name: 'Ada Okafor' }
  const told = { ...named!, action: 'name.resolved', area: 'audit-log', targets: [target] }
  const log = new FakeLog([
    { ...before!, actor: nameless, index: 0 },
    { ...told, source: 'trailside', index: 1 },
    { ...told, source: 'somebody', index: 2, targets: [{ ...target, name: 'Mallory' }] },
  ])
  const { panel } = await renderLog({ log })
  await panel.detail.open(0, null)
  const detail = within(await pane())
  await detail.findByText('Ada Okafor')
  detail.getByText(/Learnt later, and not proven by this entry/)
  fireEvent.click(detail.getByRole('button', { name: 'entry 1' }))
  await waitFor(() => expect(panel.detail.state.value).toMatchObject({ name: 'open', index: 1 }))
})
