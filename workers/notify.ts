/** `notify`: tells the channels what is new, a message a job. Any number may run. */
import { runProcess } from '../src/processes/run-process.ts'

await runProcess('notify')
