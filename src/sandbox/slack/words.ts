/** The error words of incoming webhooks with their HTTP status; the word is the whole body, as plain text. */
export const slackWords = {
  invalid_payload: 400,
  user_not_found: 400,
  no_text: 400,
  no_service_id: 400,
  too_many_attachments: 400,
  invalid_blocks: 400,
  invalid_blocks_format: 400,
  msg_blocks_too_long: 400,
  action_prohibited: 403,
  invalid_token: 403,
  team_disabled: 403,
  posting_to_general_channel_denied: 403,
  channel_not_found: 404,
  no_service: 404,
  no_active_hooks: 404,
  no_team: 404,
  channel_is_archived: 410,
  rate_limited: 429,
  rollup_error: 500,
} as const

export type SlackWord = keyof typeof slackWords
