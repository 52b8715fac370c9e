/** Child process of tests: takes a data folder, says so, and waits to be killed. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { openDataFolder } from '../../server/store/data-folder.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

try {
  openDataFolder(process.argv[2]!).announce('http://127.0.0.1:1')
  // The folder must stay ours even though nothing refers to it any more.
  collectGarbage()
  setTimeout(() => {
    collectGarbage()
    process.stdout.write('held\n')
  }, 50)
  setInterval(() => {}, 1000)
} catch (error) {
  process.stdout.write(`${(error as Error).name}\n`)
}
