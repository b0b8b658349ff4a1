/** `scheduler`: the clock: starts sweeps and digests, mends what a crash left between database and queue. Any number may run. */
import { runProcess } from '../src/processes/run-process.ts'

await runProcess('scheduler')
