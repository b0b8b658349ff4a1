/** `claims`: asks the registries who holds our names, a request a job. Any number may run. */
import { runProcess } from '../src/processes/run-process.ts'

await runProcess('claims')
