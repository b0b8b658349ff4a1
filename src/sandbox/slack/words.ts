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

/** Error words of the Web API that can be switched on; it answers them with 200. */
export const apiWords = {
  channel_not_found: 200, not_in_channel: 200, is_archived: 200, invalid_auth: 200, token_revoked: 200, missing_scope: 200,
  invalid_blocks: 200, msg_blocks_too_long: 200, ratelimited: 200, internal_error: 200, fatal_error: 200, service_unavailable: 200,
} as const

export type ApiWord = keyof typeof apiWords
