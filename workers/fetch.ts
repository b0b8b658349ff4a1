/** `fetch`: fetches what was found, matches it against the inventory, records it. Any number may run. */
import { runProcess } from '../src/app/run-process.ts'

await runProcess('fetch')
