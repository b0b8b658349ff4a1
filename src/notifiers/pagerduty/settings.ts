import { z } from 'zod'
import { name, rows, safeUrl } from '../named-rows.ts'

export const pagerdutySettings = rows(
  z.strictObject({
    name,
    routingKey: z.string().regex(/^[A-Za-z0-9]{32}$/, 'expected the integration key of an Events API v2 integration: 32 letters and digits').meta({ secret: true }).describe('Integration key of an Events API v2 integration'),
    url: safeUrl.default('https://events.pagerduty.com/v2/enqueue').describe('Where events are sent; EU: https://events.eu.pagerduty.com/v2/enqueue'),
  }),
)
export type PagerdutySettings = z.output<typeof pagerdutySettings>
