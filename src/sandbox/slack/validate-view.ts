import { z } from 'zod'

const text = (max: number) => z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(max), emoji: z.boolean().optional() })
const id = z.string().min(1).max(255)

const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('section'), text: z.strictObject({ type: z.enum(['plain_text', 'mrkdwn']), text: z.string().min(1).max(3_000), emoji: z.boolean().optional(), verbatim: z.boolean().optional() }), block_id: id.optional() }),
  z.strictObject({
    type: z.literal('input'), block_id: id.optional(), label: text(2_000), hint: text(2_000).optional(), optional: z.boolean().optional(),
    element: z.strictObject({
      type: z.literal('plain_text_input'), action_id: id.optional(), multiline: z.boolean().optional(), min_length: z.int().min(0).max(3_000).optional(),
      max_length: z.int().min(1).max(3_000).optional(), placeholder: text(150).optional(), initial_value: z.string().max(3_000).optional(),
    }),
  }),
])

/** A dialog within Slack's limits. https://docs.slack.dev/reference/views/modal-views */
export const modal = z.strictObject({
  type: z.literal('modal'),
  callback_id: id.optional(),
  title: text(24),
  submit: text(24).optional(),
  close: text(24).optional(),
  private_metadata: z.string().max(3_000).optional(),
  blocks: z.array(block).min(1).max(100),
})

export type Modal = z.output<typeof modal>
