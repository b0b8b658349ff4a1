/** `fetch`: fetches what was found, matches it against the inventory, records it. Any number may run. */
import { runProcess } from '../src/processes/run-process.ts'

await runProcess('fetch')
