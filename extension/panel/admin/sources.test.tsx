import { fireEvent, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, describe, expect, test } from 'vitest'
import type { Source } from '../../../shared/sources.ts'
import { FakeLog } from '../../../test/support/panel/fake-log.ts'
import {
  demoSource,
  personWith,
  problem,
  type Routes,
  refusedKey,
  serverRoutes,
} from '../../../test/support/panel/fake-platform.ts'
import { endPanels, renderLog, renderPanel } from '../../../test/support/panel/render-panel.tsx'

afterEach(endPanels)

const manager = personWith(['settings.manage'])

async function openSources(sources: Source[], change: (routes: Routes) => void = () => {}) {
  const routes = serverRoutes(manager)
  routes['GET /v1/sources/settings'] = { body: { sources } }
  change(routes)
  renderPanel({ me: manager, routes })
  fireEvent.click(await screen.findByRole('button', { name: 'Administration' }))
  await screen.findByRole('tab', { name: 'Sources', selected: true })
}

const type = (label: string, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } })
const click = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

test('whoever manages settings alone finds sources, and nothing of users', async () => {
  await openSources([])
  await screen.findByText(/The log is not fed from anywhere yet/)
  expect(screen.getAllByRole('tab').map(tab => tab.textContent)).toEqual(['Sources', 'Retention'])
})

test.each<[string, Partial<Source>, (string | RegExp)[]]>([
  ['caught up', {}, [/^Caught up as of .*13:41/, '41,208 entries in the log']],
  [
    'walking',
    { state: 'walking', taken: 12_300, total: 41_208 },
    ['Reading the history: 12,300 of 41,208 entries'],
  ],
  ['behind', { state: 'behind', behind: 1 }, ['Behind by 1 entry']],
  ['paused', { state: 'paused' }, [/^Paused. Complete up to .*13:41/]],
  ['waiting', { state: 'waiting', taken: 0 }, ['Not asked yet']],
  [
    'failing',
    refusedKey,
    [/^Stopped .*13:02: The platform refuses the key$/, /Make a new API key there/, 'HTTP 401'],
  ],
  [
    'in want of entries',
    { state: 'behind', behind: 3, gap: { missing: 3, since: 'x' } },
    [/^3 entries are counted/],
  ],
  ['partly unreadable', { unreadable: { count: 2, reason: 'id is missing' } }, ['id is missing']],
])('a source that is %s says so', async (_how, change, texts) => {
  await openSources([demoSource(change)])
  for (const text of texts) await screen.findByText(text)
})

test('a test says what is wrong before anything is kept, and the key is sent once', async () => {
  const sent: unknown[] = []
  const trouble = { code: 'tls_untrusted', detail: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', advice: 'x' }
  await openSources([], routes => {
    routes['POST /v1/sources/test'] = body => {
      sent.push(body)
      return { body: { ok: false, total: null, newest: null, trouble, warnings: [] } }
    }
    routes['POST /v1/sources'] = body => {
      sent.push(body)
      return { status: 201, body: demoSource() }
    }
  })
  click('Add source')
  const dialog = within(await screen.findByRole('dialog', { name: 'Add source' }))
  const test = dialog.getByRole('button', { name: 'Test connection' }) as HTMLButtonElement
  expect(test.disabled).toBe(true)
  type('Name', ' EU ')
  type('Base URL', 'https://platform-eu.invicti.com')
  type('API key', 'the-key')
  fireEvent.click(test)
  await dialog.findByText('The platform’s certificate is not trusted')
  expect(dialog.getByText(/as private CA/)).toBeDefined()
  type('Private CA', 'PEM')
  await waitFor(() => expect(dialog.queryByText('The platform’s certificate is not trusted')).toBeNull())
  fireEvent.click(dialog.getByRole('button', { name: 'Add source' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(sent).toHaveLength(2)
  expect(sent[1]).toEqual({
    name: 'EU',
    kind: 'invicti-platform',
    baseUrl: 'https://platform-eu.invicti.com',
    key: 'the-key',
    intervalSeconds: 60,
    certificateAuthority: 'PEM',
    ...{ userId: null, startDate: null, proxy: null, usersPath: null, targetsPath: null },
  })
})

test('the sibling asks for its user id', async () => {
  await openSources([])
  click('Add source')
  await screen.findByRole('dialog')
  expect(screen.queryByLabelText('User ID')).toBeNull()
  fireEvent.click(screen.getByRole('radio', { name: 'Invicti Enterprise' }))
  await screen.findByLabelText('User ID')
  expect(screen.getByLabelText('API token')).toBeDefined()
})

test('an edit sends what changed, and shows why when it is refused', async () => {
  const sent: unknown[] = []
  await openSources([demoSource()], routes => {
    routes['PATCH /v1/sources/s-1'] = body => {
      sent.push(body)
      return problem(400, 'malformed', 'key must be entered again')
    }
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Edit Platform EU' }))
  await screen.findByRole('dialog', { name: 'Edit source' })
  expect((screen.getByLabelText('API key') as HTMLInputElement).value).toBe('')
  type('Base URL', 'https://elsewhere.example')
  click('Save')
  await screen.findByText('key must be entered again')
  expect(sent).toEqual([{ baseUrl: 'https://elsewhere.example' }])
})

test('a source is paused, asked, and removed after a question', async () => {
  const asked: string[] = []
  await openSources([demoSource()], routes => {
    for (const verb of ['pause', 'run']) {
      routes[`POST /v1/sources/s-1/${verb}`] = () => {
        asked.push(verb)
        return { body: demoSource() }
      }
    }
    routes['DELETE /v1/sources/s-1'] = () => {
      asked.push('remove')
      return {}
    }
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Pause Platform EU' }))
  await waitFor(() => expect(asked).toEqual(['pause']))
  click('Ask Platform EU now')
  await waitFor(() => expect(asked).toEqual(['pause', 'run']))
  click('Remove Platform EU')
  const dialog = within(await screen.findByRole('dialog', { name: 'Remove source' }))
  expect(dialog.getByText(/Its entries stay in the log/)).toBeDefined()
  const remove = dialog.getByRole<HTMLButtonElement>('button', { name: 'Remove source' })
  // What was asked before is still being answered.
  await waitFor(() => expect(remove.disabled).toBe(false))
  fireEvent.click(remove)
  await waitFor(() => expect(asked).toEqual(['pause', 'run', 'remove']))
})

test('one that a file set up is changed there', async () => {
  const source = demoSource()
  await openSources([{ ...source, settings: { ...source.settings, fromFile: true } }])
  await screen.findByText('Set up by a file on the server, and changed there.')
  expect(screen.queryByRole('button', { name: 'Edit Platform EU' })).toBeNull()
  expect(screen.queryByRole('button', { name: 'Remove Platform EU' })).toBeNull()
})

describe('readers of the log', () => {
  const reader = personWith(['audit_log.read'])
  const routesWith = (answer: Routes[string]): Routes => ({
    ...serverRoutes(reader),
    'GET /v1/sources': answer,
  })
  const standing = (change: Partial<Source>): Routes[string] => ({ body: { sources: [demoSource(change)] } })

  test('see nothing of a feed that is well', async () => {
    await renderLog({ me: reader, routes: routesWith(standing({})) })
    expect(screen.queryByLabelText('How the log is fed')).toBeNull()
  })

  test('see since when it has stopped, and why', async () => {
    await renderLog({ me: reader, routes: routesWith(standing(refusedKey)) })
    await screen.findByText(/^Feed from Platform EU stopped .*13:02: The platform refuses the key\.$/)
  })

  test('see how far the history has been read', async () => {
    const walking = standing({ state: 'walking', taken: 12_300, total: 41_208 })
    await renderLog({ me: reader, routes: routesWith(walking) })
    await screen.findByText('The history of Platform EU is still being read: 12,300 of 41,208 entries.')
  })

  test('are told when it cannot be said how the feed stands', async () => {
    await renderLog({ me: reader, routes: routesWith(problem(500, 'internal', 'No')) })
    await screen.findByText('How the log is fed could not be asked.')
  })

  test.each<[string, Routes[string], string]>([
    ['nothing happened', standing({}), 'Nothing has been logged yet'],
    ['the platform could not be asked', standing(refusedKey), 'The platform could not be asked'],
    ['the history is being read', standing({ state: 'walking' }), 'The history is being read'],
    ['nobody can say', problem(500, 'internal', 'No'), 'It is not known whether anything happened'],
  ])('of an empty log see whether it is empty because %s', async (_why, answer, title) => {
    const log = new FakeLog([])
    log.status = { ...log.status, lastContact: '2026-11-24T13:42:00.000Z' }
    renderPanel({ me: reader, log, routes: routesWith(answer) })
    await screen.findByRole('heading', { name: title })
  })
})
