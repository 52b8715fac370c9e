/** The cases by name: whatever lies in `cases`. */
import type { BenchCase } from './bench.ts'

const files = import.meta.glob<BenchCase>('./cases/*.ts', { import: 'default' })
const loaders = new Map(
  Object.entries(files).map(([path, load]) => [path.slice('./cases/'.length, -'.ts'.length), load]),
)

export const caseNames: readonly string[] = [...loaders.keys()].sort()

export function loadCase(name: string): Promise<BenchCase> {
  const load = loaders.get(name)
  if (!load) throw new Error(`There is no case ${name}.`)
  return load()
}
