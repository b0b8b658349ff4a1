/** `notify`: tells the channels what is new, a message a job. Any number may run. */
import { runProcess } from '../src/app/run-process.ts'

await runProcess('notify')
