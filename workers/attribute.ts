/** `attribute`: asks who brought a leaked name into the public and when, a request a job. Any number may run. */
import { runProcess } from '../src/processes/run-process.ts'

await runProcess('attribute')
