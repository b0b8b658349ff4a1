/** `web`: the page and the API, with the login before both. Any number may run behind one name. */
import { runProcess } from '../src/processes/run-process.ts'

await runProcess('web')
