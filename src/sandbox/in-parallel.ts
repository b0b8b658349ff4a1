/** Does the work for every item, at most `width` at a time; the first failure is thrown when those running have ended. */
export async function inParallel<Item>(items: readonly Item[], width: number, work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values()
  async function takeTurns(): Promise<void> {
    for (const item of queue) await work(item)
  }
  const ended = await Promise.allSettled(Array.from({ length: Math.min(width, items.length) }, takeTurns))
  for (const one of ended) if (one.status === 'rejected') throw one.reason
}
