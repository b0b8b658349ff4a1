import { z } from 'zod'
import { disclosures, ecosystems } from '../contracts/inventory.ts'

const words = z.array(z.string().trim().min(1).max(1000)).max(100)

/** The keys of a line that say what it covers; a line has exactly one of them. */
export const subjects = ['name', 'pattern', 'host', 'codename', 'regex'] as const
export type Subject = (typeof subjects)[number]

/**
 * One line of the inventory as a person writes it, in namesake.yaml, in a .yaml list, or as a row of a .csv.
 * Only the shape; what the values mean is judged by `read-line.ts`.
 */
export const rawLine = z
  .strictObject({
    name: z.string().trim().min(1).max(500).optional().describe('One package, npm scope (@acme-corp) or Maven group (com.acmecorp), written in full'),
    pattern: z.string().trim().min(1).max(500).optional().describe('Every name that starts with the text before the star: @acme-corp/*, com.acmecorp.*, acme-corp-*'),
    host: z.string().trim().min(1).max(500).optional().describe('A registry or Git host, without https:// and path'),
    codename: z.string().trim().min(1).max(500).optional().describe("A word of the company's language: a project, a product before launch"),
    regex: z.string().min(1).max(1000).optional().describe('A regular expression in the syntax of RE2 (linear time: no look-around, no back-references)'),
    ecosystem: z.enum(ecosystems).optional().describe('Whose naming rules apply'),
    team: z.string().trim().min(1).max(200).optional().describe('Who owns the name and is told of a leak'),
    disclose: z.enum(disclosures).optional().describe('Who may learn the name from us: name (sources are asked for it), stem (only for its shared stem), never (matched locally only). Default: name'),
    near: words.optional().describe('For codenames: one of these words must stand nearby, else the mention does not count'),
    publicOnPurpose: z.boolean().optional().describe('The name may be public: it is never reported'),
    latestVersion: z.string().trim().min(1).max(200).optional().describe('The newest version that your own registry has: a public version above it is an attack signal'),
    firstPublishedAt: z
      .string()
      .trim()
      .regex(/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/, 'expected a date (2023-04-01) or a moment with its zone (2023-04-01T10:00:00Z)')
      .refine((text) => !Number.isNaN(Date.parse(text)), 'expected a day that the calendar has')
      .optional()
      .describe('When your own registry got its first version: a public namesake that is younger is an attack signal'),
    importedFrom: z.string().trim().min(1).max(500).optional().describe('Which imports wrote the line, separated by |; "inventory import --prune" retires it when none of them has the name any more'),
    examples: words.optional().describe('Texts that must match; checked when the inventory is read'),
    counterExamples: words.optional().describe('Texts that must not match; checked when the inventory is read'),
  })
  .meta({ oneOf: subjects.map((subject) => ({ type: 'object', properties: { [subject]: {} }, required: [subject] })) })
type Parsed = z.output<typeof rawLine>
/** Readonly, lists included: a frozen configuration holds them. */
export type RawLine = {
  readonly [Key in keyof Parsed]: Parsed[Key] extends (infer Item)[] | undefined ? readonly Item[] | undefined : Parsed[Key]
}
