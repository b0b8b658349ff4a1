import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { openApi } from '../api/openapi.ts'

/** `npm run openapi`: writes docs/openapi.json from the contract of the API. A test fails while the two differ. */
const file = path.join(import.meta.dirname, '../../docs/openapi.json')
await mkdir(path.dirname(file), { recursive: true })
await writeFile(file, `${JSON.stringify(openApi(), null, 2)}\n`)
console.log(`wrote ${path.basename(file)}`)
