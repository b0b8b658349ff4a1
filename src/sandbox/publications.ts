import { z } from 'zod'

const moment = z.iso.datetime()
const login = z.string().min(1)

const comment = z.strictObject({
  author: login,
  body: z.string(),
  createdAt: moment,
  updatedAt: moment.optional(),
  /** Of a discussion: answers to this comment. */
  replies: z.array(z.strictObject({ author: login, body: z.string(), createdAt: moment, updatedAt: moment.optional() })).optional(),
})

/** An issue, a pull request or a discussion, with what was said in it. */
export const conversationSource = z.strictObject({
  kind: z.enum(['issue', 'pull', 'discussion']),
  /** `owner/name` */
  repository: z.string(),
  number: z.int().positive(),
  title: z.string(),
  body: z.string().nullable(),
  author: login,
  createdAt: moment,
  /** The last change of anything in it; absent: when the last of it was written. */
  updatedAt: moment.optional(),
  /** When its author changed the title or the body. */
  editedAt: moment.optional(),
  comments: z.array(comment).default([]),
  /** Of a pull request: remarks on its lines. */
  reviewComments: z.array(comment).default([]),
})
export type ConversationSource = z.input<typeof conversationSource>
export type Conversation = z.output<typeof conversationSource>
export type Comment = Conversation['comments'][number]

export const gistSource = z.strictObject({
  owner: login,
  /** 32 hexadecimal digits; absent: made up from owner and description. */
  id: z.string().regex(/^[0-9a-f]{20,40}$/).optional(),
  description: z.string().nullable(),
  files: z.record(z.string(), z.string()),
  createdAt: moment,
  updatedAt: moment.optional(),
  /** Blocked by the site: 403 with a reason. */
  blocked: z.boolean().optional(),
})
export type GistSource = z.infer<typeof gistSource>

/** What somebody did in public, beyond what the git histories tell by themselves: forced pushes, new branches. */
export interface EventSource {
  readonly type: 'PushEvent' | 'CreateEvent' | 'PublicEvent' | 'WatchEvent'
  readonly actor: string
  /** `owner/name` */
  readonly repository: string
  readonly at: string
  /** `refs/heads/main` */
  readonly ref?: string
  readonly before?: string
  readonly head?: string
}

/** What is public besides repositories. It grows and changes while the sandbox runs. */
export interface Publications {
  conversations(): readonly Conversation[]
  gists(): readonly GistSource[]
  events(): readonly EventSource[]
  /** Adds; a conversation with the same repository and number, or a gist with the same id, is replaced. */
  /** Takes a conversation away, a gist (by id), or a comment of a conversation (by its author and moment). */
  remove(gone: { readonly conversation: string; readonly comment?: Pick<Comment, 'author' | 'createdAt'> } | { readonly gist: string }): void
  publish(more: { readonly conversations?: readonly ConversationSource[]; readonly gists?: readonly GistSource[]; readonly events?: readonly EventSource[] }): void
}

export function createPublications(): Publications {
  const conversations = new Map<string, Conversation>()
  const gists = new Map<string, GistSource>()
  const events: EventSource[] = []
  return {
    conversations: () => [...conversations.values()],
    gists: () => [...gists.values()],
    events: () => events,
    remove(gone) {
      if ('gist' in gone) {
        gists.delete(gone.gist)
        return
      }
      const { comment } = gone
      const key = gone.conversation.toLowerCase()
      const before = conversations.get(key)
      conversations.delete(key)
      if (before === undefined || comment === undefined) return
      const stays = (one: Pick<Comment, 'author' | 'createdAt'>) => one.author !== comment.author || one.createdAt !== comment.createdAt
      conversations.set(key, { ...before, comments: before.comments.filter(stays), reviewComments: before.reviewComments.filter(stays) })
    },
    publish(more) {
      for (const one of more.conversations ?? []) {
        // Issues and pull requests share their numbers; discussions take theirs from the same row.
        conversations.set(`${one.repository.toLowerCase()}#${one.number}`, conversationSource.parse(one))
      }
      for (const one of more.gists ?? []) gists.set(one.id ?? `${one.owner}\n${one.description ?? ''}`, one)
      events.push(...(more.events ?? []))
    },
  }
}

/** When the last of a conversation was written or changed. */
export function lastChange(conversation: Conversation): string {
  const spoken = [...conversation.comments, ...conversation.reviewComments].flatMap((one) => [one, ...(one.replies ?? [])])
  const moments = [conversation.createdAt, ...spoken.map(({ createdAt, updatedAt }) => updatedAt ?? createdAt)]
  return conversation.updatedAt ?? moments.toSorted().at(-1) ?? conversation.createdAt
}
