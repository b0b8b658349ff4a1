import { SpanKind, trace } from '@opentelemetry/api'
import type { TraceExchange } from '../net/http.ts'

/**
 * One exchange with the outside as a span below that of its job. The span has method, status and the class of what went
 * wrong: no host, address, query or body, since names and secrets stand there.
 */
export const traceExchange: TraceExchange = (method, exchange) =>
  trace.getTracer('namesake').startActiveSpan(`HTTP ${method}`, { kind: SpanKind.CLIENT, attributes: { 'http.request.method': method } }, async (span) => {
    try {
      const answer = await exchange()
      span.setAttribute('http.response.status_code', answer.status)
      return answer
    } catch (error) {
      span.setAttribute('error.type', error instanceof Error ? error.constructor.name : 'unknown')
      throw error
    } finally {
      span.end()
    }
  })
