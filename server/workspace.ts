/** The workspace a data folder holds: made once, then read at every start. */
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'

export const Workspace = z.object({
  /** The organization's id: leads every key of the log. */
  id: z.string(),
  name: z.string(),
  /** Filled by the generator; shown as such wherever its data shows. */
  demo: z.boolean(),
  createdAt: z.string(),
})
export type Workspace = z.infer<typeof Workspace>

const fileName = 'workspace.json'

export function readWorkspace(folder: string): Workspace | null {
  const path = join(folder, fileName)
  return existsSync(path) ? Workspace.parse(JSON.parse(readFileSync(path, 'utf8'))) : null
}

export function createWorkspace(
  folder: string,
  facts: { name: string; demo: boolean; now: Date },
): Workspace {
  const workspace = {
    id: randomUUID(),
    name: facts.name,
    demo: facts.demo,
    createdAt: facts.now.toISOString(),
  }
  writeFileSync(join(folder, fileName), `${JSON.stringify(workspace, null, 2)}\n`, {
    flag: 'wx',
    mode: 0o600,
  })
  return workspace
}
