/** `search`: asks the sources their queries, a page a job. Any number may run. */
import { runProcess } from '../src/processes/run-process.ts'

await runProcess('search')
