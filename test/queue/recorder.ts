/** Collects what happens, and lets a test wait until enough did. */
export class Recorder<Happening> {
  readonly all: Happening[] = []
  readonly #waiting = new Set<{ readonly count: number; readonly resolve: () => void }>()

  add(happening: Happening): void {
    this.all.push(happening)
    for (const waiter of this.#waiting) {
      if (this.all.length < waiter.count) continue
      this.#waiting.delete(waiter)
      waiter.resolve()
    }
  }

  /** Resolves with everything once there are so many; the test's own timeout is the limit. */
  async until(count: number): Promise<readonly Happening[]> {
    if (this.all.length < count) await new Promise<void>((resolve) => { this.#waiting.add({ count, resolve }) })
    return this.all
  }
}
