import { z } from 'zod'

/** Characters as Slack counts them: code points. */
function length(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

const sized = (max: number, min = 0) => z.string().refine((text) => length(text) >= min && length(text) <= max, `must have ${min} to ${max} characters`)

const plainText = (max: number) => z.strictObject({ type: z.literal('plain_text'), text: sized(max, 1), emoji: z.boolean().optional() })
const markdownText = (max: number) => z.strictObject({ type: z.literal('mrkdwn'), text: sized(max, 1), verbatim: z.boolean().optional() })
const anyText = (max: number) => z.discriminatedUnion('type', [plainText(max), markdownText(max)])

const address = z.string().max(3_000).refine((text) => /^https?:\/\/\S+$/.test(text), 'must be an http(s) address')
const blockId = sized(255, 1).optional()
const actionId = sized(255, 1).optional()

const confirmation = z.strictObject({
  title: plainText(100), text: anyText(300), confirm: plainText(30), deny: plainText(30), style: z.enum(['primary', 'danger']).optional(),
})

const button = z.strictObject({
  type: z.literal('button'), text: plainText(75), action_id: actionId, url: address.optional(), value: sized(2_000).optional(),
  style: z.enum(['primary', 'danger']).optional(), confirm: confirmation.optional(), accessibility_label: sized(75).optional(),
})
const image = { image_url: address, alt_text: sized(2_000) }
const imageElement = z.strictObject({ type: z.literal('image'), ...image })
const option = z.strictObject({ text: anyText(75), value: sized(150, 1), description: plainText(75).optional(), url: address.optional() })
const select = z.strictObject({
  type: z.literal('static_select'), placeholder: plainText(150).optional(), action_id: actionId, options: z.array(option).min(1).max(100),
  initial_option: option.optional(), confirm: confirmation.optional(),
})
const overflow = z.strictObject({ type: z.literal('overflow'), action_id: actionId, options: z.array(option).min(1).max(5), confirm: confirmation.optional() })

const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), text: plainText(150), block_id: blockId, level: z.int().optional() }),
  z.strictObject({ type: z.literal('divider'), block_id: blockId }),
  z.strictObject({
    type: z.literal('section'), text: anyText(3_000).optional(), fields: z.array(anyText(2_000)).min(1).max(10).optional(), block_id: blockId,
    accessory: z.discriminatedUnion('type', [button, imageElement, select, overflow]).optional(), expand: z.boolean().optional(),
  }).refine(({ text, fields }) => text !== undefined || fields !== undefined, 'needs text or fields'),
  z.strictObject({ type: z.literal('context'), elements: z.array(z.discriminatedUnion('type', [plainText(3_000), markdownText(3_000), imageElement])).min(1).max(10), block_id: blockId }),
  z.strictObject({ type: z.literal('actions'), elements: z.array(z.discriminatedUnion('type', [button, select, overflow])).min(1).max(25), block_id: blockId }),
  z.strictObject({ type: z.literal('image'), ...image, title: plainText(2_000).optional(), block_id: blockId }),
  z.strictObject({ type: z.literal('markdown'), text: sized(12_000, 1), block_id: blockId }),
])

export type Block = z.output<typeof block>
export type TextObject = z.output<ReturnType<typeof anyText>>

const blocks = z.array(block).min(1).max(50)

/** Characters of all block texts together; undocumented, found by others. */
const blocksCharacters = 13_200

/** Every text object in the blocks, in order. */
export function textsOf(all: readonly Block[]): TextObject[] {
  return all.flatMap((one): TextObject[] => {
    if (one.type === 'header') return [one.text]
    if (one.type === 'section') return [...(one.text === undefined ? [] : [one.text]), ...(one.fields ?? [])]
    if (one.type === 'context') return one.elements.filter((element) => element.type !== 'image')
    if (one.type === 'actions') return one.elements.flatMap((element) => (element.type === 'button' ? [element.text] : []))
    if (one.type === 'markdown') return [{ type: 'mrkdwn', text: one.text }]
    return []
  })
}

function jsonPointer(path: readonly PropertyKey[]): string {
  return `/blocks${path.map((part) => `/${String(part)}`).join('')}`
}

export type BlocksVerdict =
  | { readonly blocks: readonly Block[] }
  | { readonly word: 'invalid_blocks' | 'invalid_blocks_format' | 'msg_blocks_too_long'; readonly why: readonly string[] }

/** Block Kit's limits for messages. `why` says what is wrong and where, in the way of Slack's Web API. */
export function validateBlocks(value: unknown): BlocksVerdict {
  if (!Array.isArray(value)) return { word: 'invalid_blocks_format', why: ['must be an array [json-pointer:/blocks]'] }
  const parsed = blocks.safeParse(value)
  if (!parsed.success) return { word: 'invalid_blocks', why: parsed.error.issues.map((issue) => `[ERROR] ${issue.message} [json-pointer:${jsonPointer(issue.path)}]`) }
  const ids = parsed.data.map(({ block_id: id }) => id).filter((id) => id !== undefined)
  if (new Set(ids).size < ids.length) return { word: 'invalid_blocks', why: ['[ERROR] block_id must be unique [json-pointer:/blocks]'] }
  const total = textsOf(parsed.data).reduce((sum, { text }) => sum + length(text), 0)
  if (total > blocksCharacters) return { word: 'msg_blocks_too_long', why: [`${total} characters in all blocks, at most ${blocksCharacters}`] }
  return { blocks: parsed.data }
}
