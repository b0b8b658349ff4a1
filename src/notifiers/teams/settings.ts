import { z } from 'zod'
import { name, rows, safeUrl } from '../named-rows.ts'

export const teamsSettings = rows(
  z.strictObject({
    name,
    url: safeUrl.meta({ secret: true }).describe('Address of the workflow "When a Teams webhook request is received"; it contains its secret'),
  }),
)
export type TeamsSettings = z.output<typeof teamsSettings>
