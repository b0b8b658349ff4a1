import { keepPreviousData, QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Answer, Input, RouteName } from '../../api/contract.ts'
import { call, CallFailed } from './call.ts'

type Read = Extract<RouteName, `GET ${string}`>
type Paged = { [Name in Read]: Answer<Name> extends { readonly next: string | null } ? Name : never }[Read]

/** A failure of ours or of the network is tried again, a refusal is not. */
function worthAnother(count: number, error: Error): boolean {
  return count < 2 && error instanceof CallFailed && (error.status === 0 || error.status >= 500)
}

export const queryClient = new QueryClient({
  defaultOptions: {
    // Live updates say what changed (live.ts): nothing is asked again only because a window got the focus.
    queries: { staleTime: 30_000, gcTime: 600_000, retry: worthAnother, refetchOnWindowFocus: false, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
})

/** Key of what a route answered: first its name, so that a change can mark every answer of a route as old. */
export function keyOf<Name extends Read>(name: Name, input?: Input<Name>): readonly unknown[] {
  return input === undefined ? [name] : [name, input]
}

/** What a route answers, kept, shared and asked again when it changed. `enabled: false`: not yet. */
export function useCall<const Name extends Read>(name: Name, input?: Input<Name>, options: { readonly enabled?: boolean; readonly keepPrevious?: boolean; readonly staleTime?: number } = {}) {
  return useQuery({
    queryKey: keyOf(name, input),
    // Whether a route needs input is checked by `call`; a hook cannot pass on a rest argument.
    queryFn: ({ signal }) => (call as (name: Name, input: unknown, options: { signal: AbortSignal }) => Promise<Answer<Name>>)(name, input, { signal }),
    ...(options.enabled === undefined ? {} : { enabled: options.enabled }),
    ...(options.staleTime === undefined ? {} : { staleTime: options.staleTime }),
    ...(options.keepPrevious === true ? { placeholderData: keepPreviousData } : {}),
  })
}

/** A list of pages, grown by `fetchNextPage`. */
export function usePages<const Name extends Paged>(name: Name, input: Input<Name>, options: { readonly enabled?: boolean; readonly keepPrevious?: boolean; readonly staleTime?: number } = {}) {
  return useInfiniteQuery({
    queryKey: [...keyOf(name, input), 'pages'],
    queryFn: ({ signal, pageParam }) => {
      const { query, ...rest } = input as { readonly query?: object }
      const next = { ...rest, query: { ...query, ...(pageParam === undefined ? {} : { cursor: pageParam }) } }
      return (call as (name: Name, input: unknown, options: { signal: AbortSignal }) => Promise<Answer<Name> & { readonly next: string | null }>)(name, next, { signal })
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    ...(options.staleTime === undefined ? {} : { staleTime: options.staleTime }),
    ...(options.enabled === undefined ? {} : { enabled: options.enabled }),
    ...(options.keepPrevious === true ? { placeholderData: keepPreviousData } : {}),
  })
}
