/** Links to what is in view: made to be sent to a colleague, and opened when one is pasted. */
import type { ReadonlySignal } from '@preact/signals'
import { FilterError, formatFilter, parseFilter } from '../../shared/filter.ts'
import type { WrittenFilter } from '../../shared/query/format.ts'
import { formatViewLink, parseViewLink } from '../../shared/view-link.ts'
import type { DetailModel } from './detail-model.ts'
import { dateChoiceOf, writeDateChoice } from './filter-dates.ts'
import type { FilterModel } from './filter-model.ts'
import type { NavigationModel } from './navigation-model.ts'

/** `foreign`: it is of another server's log. `broken`: it says what no filter is. `none`: it is no such link. */
export type OpenedLink = { name: 'opened' | 'none' | 'broken' } | { name: 'foreign'; origin: string }

export interface LinkModelDependencies {
  server: ReadonlySignal<string | null>
  filter: FilterModel
  detail: DetailModel
  navigation: NavigationModel
}

const eventParameter = 'event'
const rangeParameter = 'range'

export type LinkModel = ReturnType<typeof createLinkModel>

export function createLinkModel({ server, filter, detail, navigation }: LinkModelDependencies) {
  return {
    /** The filter, and an event's place in the log where one is meant. Null without a server. */
    linkTo(written: WrittenFilter, event: number | null = null): string | null {
      const origin = server.peek()
      if (origin === null) return null
      const choice = dateChoiceOf(written)
      const { from: _from, to: _to, ...undated } = written.filter
      const parameters = formatFilter(choice.kind === 'preset' ? undated : written.filter)
      writeDateChoice(choice, parameters)
      if (event !== null) parameters.set(eventParameter, String(event))
      return formatViewLink({ origin, parameters })
    },
    /** Shows what the link says, in the place of what is in view. */
    open(text: string): OpenedLink {
      const link = parseViewLink(text)
      if (!link) return { name: 'none' }
      if (link.origin !== server.peek()) return { name: 'foreign', origin: link.origin }
      try {
        const found = parseFilter(link.parameters)
        filter.restore({ filter: found, moving: link.parameters.get(rangeParameter) })
      } catch (error) {
        if (error instanceof FilterError) return { name: 'broken' }
        throw error
      }
      navigation.go('log')
      const event = link.parameters.get(eventParameter)
      if (event !== null && /^\d{1,15}$/.test(event)) void detail.open(Number(event), null)
      else detail.close()
      return { name: 'opened' }
    },
  }
}
