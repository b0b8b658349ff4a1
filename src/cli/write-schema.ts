import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { configJsonSchema } from '../config.ts'

/** `npm run schema`: writes namesake.schema.json from the table of config.ts. A test fails while the two differ. */
const file = path.join(import.meta.dirname, '../../namesake.schema.json')
await writeFile(file, `${JSON.stringify(configJsonSchema(), null, 2)}\n`)
console.log(`wrote ${path.basename(file)}`)
