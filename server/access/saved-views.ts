/** The views that people saved: one list for each user and key, replaced as a whole. */
import { SavedViews } from '../../shared/api.ts'
import { parseFilter } from '../../shared/filter.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { Caller } from './caller.ts'
import type { AccessCore } from './core.ts'

type Owner = Pick<Caller, 'kind' | 'id'>

const none: SavedViews = { revision: 0, views: [] }

export class SavedViewLists {
  readonly #core: Pick<AccessCore, 'db' | 'exclusively'>

  constructor(core: Pick<AccessCore, 'db' | 'exclusively'>) {
    this.#core = core
  }

  async read({ kind, id }: Owner): Promise<SavedViews> {
    const row = await this.#core.db
      .selectFrom('savedViews')
      .selectAll()
      .where('ownerId', '=', `${kind}:${id}`)
      .executeTakeFirst()
    if (!row) return none
    return SavedViews.parse({ revision: row.revision, views: JSON.parse(row.views) })
  }

  /**
   * Keeps the list in the place of the one with its revision, and answers it with the next.
   * @throws {ProblemError} `conflict` where another window was first; {FilterError} where a filter cannot be read.
   */
  replace(owner: Owner, next: SavedViews): Promise<SavedViews> {
    for (const { filter } of next.views) parseFilter(new URLSearchParams(filter))
    if (new Set(next.views.map(({ id }) => id)).size < next.views.length)
      throw new ProblemError('malformed', 'Two views have one id.')
    return this.#core.exclusively(async () => {
      const { revision } = await this.read(owner)
      if (revision !== next.revision)
        throw new ProblemError('conflict', `The views are at revision ${revision} by now: read them again.`)
      const row = {
        ownerId: `${owner.kind}:${owner.id}`,
        revision: revision + 1,
        views: JSON.stringify(next.views),
      }
      await this.#core.db
        .insertInto('savedViews')
        .values(row)
        .onConflict(conflict =>
          conflict.column('ownerId').doUpdateSet({ revision: row.revision, views: row.views }),
        )
        .execute()
      return { revision: row.revision, views: next.views }
    })
  }
}
