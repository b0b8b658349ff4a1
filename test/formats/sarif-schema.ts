import { readFileSync } from 'node:fs'
import path from 'node:path'
import { default as draft4 } from 'ajv-draft-04'
import formats from 'ajv-formats'
import { z } from 'zod'

const schema: unknown = JSON.parse(readFileSync(path.join(import.meta.dirname, 'sarif-2.1.0-rtm.5.json'), 'utf8'))
// One of its patterns is no regular expression with the flag u.
const validate = formats.default(new draft4.default({ strict: false, allErrors: true, unicodeRegExp: false })).compile(z.record(z.string(), z.unknown()).parse(schema))

/** What the published schema says against a SARIF log. */
export function sarifFaults(text: string): string[] {
  validate(JSON.parse(text))
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`)
}
