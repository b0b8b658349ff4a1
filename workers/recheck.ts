/** `recheck`: asks whether the places of findings are still public, a request a job. Any number may run. */
import { runProcess } from '../src/processes/run-process.ts'

await runProcess('recheck')
