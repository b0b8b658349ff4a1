/**
 * Status and headers of an answer whose body broke off or cannot be read: the `cause` of such an error. What the
 * server said of its limits counts all the same.
 */
export class AnswerHead {
  readonly status: number
  readonly headers: Headers
  constructor(status: number, headers: Headers) {
    this.status = status
    this.headers = headers
  }
}

/** The head of the answer that an error is about; null: none had come. */
export function headOf(error: unknown): AnswerHead | null {
  return error instanceof Error && error.cause instanceof AnswerHead ? error.cause : null
}
