import type { Telemetry } from 'bullmq'

/**
 * Spans of adding and running jobs, by BullMQ's own adapter, which uses whatever tracer the process has registered. A
 * job carries the ids of its trace, as W3C Trace Context; a span has names of queues and ids of jobs.
 */
export async function openTracing(version: string): Promise<Telemetry> {
  const [{ BullMQOtel }, { ROOT_CONTEXT }] = await Promise.all([import('bullmq-otel'), import('@opentelemetry/api')])
  const telemetry: Telemetry = new BullMQOtel({ tracerName: 'namesake', version })
  // The adapter lacks it: without an empty context the loop of a worker would stay in the trace that started it for ever.
  telemetry.contextManager.root = () => ROOT_CONTEXT
  return telemetry
}
