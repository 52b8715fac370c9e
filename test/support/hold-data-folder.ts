/** Child process of tests: takes a data folder, says so, and waits to be killed. */
import { openDataFolder } from '../../server/store/data-folder.ts'

try {
  openDataFolder(process.argv[2]!).announce('http://127.0.0.1:1')
  process.stdout.write('held\n')
  setInterval(() => {}, 1000)
} catch (error) {
  process.stdout.write(`${(error as Error).name}\n`)
}
