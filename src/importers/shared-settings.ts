import { z } from 'zod'
import { disclosures } from '../contracts/inventory.ts'

/** Keys that every element of `imports:` may have. */
export const shared = {
  name: z.string().trim().min(1).max(100).regex(/^[^|]*$/, 'expected a name without |').optional().describe('What the import is called in the column importedFrom; absent: its type and host. Keep it: renaming it makes its names look removed'),
  team: z.string().trim().min(1).max(200).optional().describe('Owner of names that are new'),
  disclose: z.enum(disclosures).optional().describe('Who may learn the names that are new; absent: as the pattern says that covers them, else name'),
}

export const baseUrl = z.url({ protocol: /^https?$/ })
export const token = z.string().min(1).optional().meta({ secret: true }).describe('Sent as a bearer token; only as ${VARIABLE}')
export const paths = z.array(z.string().min(1).max(1000)).min(1).describe('Files or folders, relative to namesake.yaml')

/** The URL with a path behind it, whether it ends with a slash or not. */
export function under(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}/${path}`
}

export function bearer(value: string | undefined): Readonly<Record<string, string>> {
  return value === undefined ? {} : { authorization: `Bearer ${value}` }
}

/** `artifactory artifactory.acme-corp.com` */
export function nameWithHost(type: string, url: string, more = ''): string {
  return `${type} ${URL.canParse(url) ? new URL(url).host : ''}${more === '' ? '' : `/${more}`}`
}
