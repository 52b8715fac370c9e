import { fireEvent, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'
import { formatFilter } from '../../../shared/filter.ts'
import { personWith } from '../../../test/support/panel/fake-platform.ts'
import { endPanels, renderLog, settled } from '../../../test/support/panel/render-panel.tsx'

afterEach(endPanels)

const open = async (name: string | RegExp) => {
  fireEvent.click(screen.getByRole('button', { name }))
  return await screen.findByRole('dialog')
}

test('every value has its count, which ignores the field it belongs to', async () => {
  const { log } = await renderLog()
  const dialog = await open('Action')
  const count = (action: string) => log.events.filter(event => event.action === action).length
  const started = await within(dialog).findByRole('checkbox', { name: 'Scan started' })
  expect(started.closest('li')!.textContent).toContain(`${count('scan.started')} events`)
  fireEvent.click(started)
  const login = await within(dialog).findByRole('checkbox', { name: 'User logged in' })
  await waitFor(() => expect(login.closest('li')!.textContent).toContain(`${count('user.login')} events`))
})

test('many values at once, each as a chip, and the list follows by itself', async () => {
  const { log, panel } = await renderLog()
  const dialog = await open('Action')
  fireEvent.click(await within(dialog).findByRole('checkbox', { name: 'Scan started' }))
  fireEvent.click(await within(dialog).findByRole('checkbox', { name: 'Scan completed' }))
  await settled(panel)
  const expected = log.events.filter(event =>
    ['scan.started', 'scan.completed'].includes(event.action),
  ).length
  await screen.findByText(`${expected} events`)
  expect(screen.getByRole('button', { name: 'Action: Scan started' })).toBeDefined()
  expect(screen.getByRole('button', { name: 'Action 2 chosen' })).toBeDefined()
})

test('type-ahead finds values', async () => {
  await renderLog()
  const dialog = await open('User')
  await within(dialog).findByRole('checkbox', { name: 'Maria Jensen' })
  fireEvent.input(within(dialog).getByLabelText('Find User'), { target: { value: 'tomas' } })
  await waitFor(() => expect(within(dialog).queryByRole('checkbox', { name: 'Maria Jensen' })).toBeNull())
  expect(within(dialog).getByRole('checkbox', { name: 'Tomás Oliveira' })).toBeDefined()
})

test('a value can be excluded, and a chip turned round and removed by keyboard', async () => {
  const { panel, log } = await renderLog()
  const dialog = await open('User')
  fireEvent.click(await within(dialog).findByRole('button', { name: 'Exclude Maria Jensen' }))
  const others = log.events.filter(event => event.actor.id !== 'u-01').length
  await screen.findByText(`${others} events`)
  const chip = screen.getByRole('button', { name: 'User is not Maria Jensen' })
  fireEvent.click(chip)
  await screen.findByRole('button', { name: 'User: Maria Jensen' })
  fireEvent.keyDown(screen.getByRole('button', { name: 'User: Maria Jensen' }), { key: 'Delete' })
  await settled(panel)
  await screen.findByText('500 events')
})

test('the filter comes from the address and names people, not ids', async () => {
  const filter = { actor: { include: ['u-01'], exclude: [] } }
  await renderLog({ address: formatFilter(filter).toString() })
  await screen.findByRole('button', { name: 'User: Maria Jensen' })
})

test('clearing all can be undone', async () => {
  const { panel } = await renderLog()
  panel.filter.include('area', 'scans')
  fireEvent.click(await screen.findByRole('button', { name: 'Clear all' }))
  await screen.findByText('500 events')
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }))
  await screen.findByRole('button', { name: 'Area: Scans' })
})

test('typing searches without Enter; Enter keeps the phrase', async () => {
  const { log } = await renderLog()
  const box = screen.getByRole('combobox', { name: 'Search' })
  fireEvent.input(box, { target: { value: 'payments' } })
  const found = log.events.filter(event => JSON.stringify(event).includes('payments')).length
  await screen.findByText(`${found} events`)
  fireEvent.keyDown(box, { key: 'Enter' })
  await screen.findByRole('button', { name: /^Text: / })
  expect((box as HTMLInputElement).value).toBe('')
})

test('dates: presets, and custom days with the last one included', async () => {
  const { log, panel } = await renderLog()
  await open('Date')
  fireEvent.click(screen.getByRole('button', { name: 'Last 7 days' }))
  const since = (day: string) => log.events.filter(event => event.occurredAt >= day).length
  await screen.findByText(`${since('2026-11-18')} events`)
  await open('Date 1 chosen')
  fireEvent.input(screen.getByLabelText('From'), { target: { value: '2026-11-20' } })
  fireEvent.input(screen.getByLabelText('To'), { target: { value: '2026-11-21' } })
  await settled(panel)
  await screen.findByText(`${since('2026-11-20') - since('2026-11-22')} events`)
  fireEvent.input(screen.getByLabelText('To'), { target: { value: '2026-11-19' } })
  await screen.findByText('The first day comes after the last.')
})

test('more: outcome, channel, changed fields, and addresses for those who may see them', async () => {
  const { log } = await renderLog()
  const dialog = await open('More')
  fireEvent.click(await within(dialog).findByRole('checkbox', { name: 'criticality' }))
  const changing = (field: string) =>
    log.events.filter(({ changes }) => changes.some(change => change.field === field)).length
  await screen.findByText(`${changing('criticality')} events`)
  fireEvent.click(within(dialog).getByRole('checkbox', { name: 'criticality' }))
  fireEvent.click(await within(dialog).findByRole('checkbox', { name: 'Failed' }))
  await screen.findByText(`${log.events.filter(event => event.outcome === 'failure').length} events`)
  const field = within(dialog).getByLabelText('IP address')
  fireEvent.input(field, { target: { value: '10.0.0.300' } })
  fireEvent.submit(field.closest('form')!)
  await within(dialog).findByText(/no IP address/)
  endPanels()
  await renderLog({ me: personWith(['audit_log.read']) })
  const without = await open('More')
  expect(within(without).queryByLabelText('IP address')).toBeNull()
})

test('a filter that cannot be read is said to be so', async () => {
  await renderLog({ address: 'outcome=perhaps' })
  const alert = screen.getByRole('alert')
  expect(alert.textContent).toContain('perhaps')
  fireEvent.click(within(alert).getByRole('button', { name: 'Clear filters' }))
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
})

test('Escape closes a popover and gives the focus back', async () => {
  await renderLog()
  const dialog = await open('Area')
  fireEvent.keyDown(dialog, { key: 'Escape' })
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Area' }))
})
