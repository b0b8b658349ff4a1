import { useMutation } from '@tanstack/react-query'
import { call, CallFailed } from '../api/call.ts'
import { queryClient } from '../api/use-call.ts'
import { tell } from '../parts/toast.tsx'

function told(error: unknown): void {
  const failed = error instanceof CallFailed ? error : null
  tell({ title: failed?.code === 'conflict' ? 'Nothing was started' : 'It could not be started', detail: failed?.detail ?? 'The page made a mistake.', failed: true })
}

/** Runs what is most pressing in a source now. */
export function useRunSource() {
  return useMutation({
    mutationFn: (id: string) => call('POST /api/sources/{id}/run', { params: { id } }),
    onSuccess: ({ runs }) => {
      void queryClient.invalidateQueries()
      tell({ title: `${runs === 1 ? 'One query was' : `${runs} queries were`} started`, detail: 'Within the limits of the source: what is most pressing comes first.' })
    },
    onError: told,
  })
}

export function useRunWatch() {
  return useMutation({
    mutationFn: (id: string) => call('POST /api/watches/{id}/run', { params: { id } }),
    onSuccess: () => {
      void queryClient.invalidateQueries()
      tell({ title: 'The query was started', detail: 'It waits for its turn under the limits of the source.' })
    },
    onError: told,
  })
}
