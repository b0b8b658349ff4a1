import type { SpanExporter } from '@opentelemetry/sdk-trace'

export interface TraceOptions {
  /** Base address of the collector; `/v1/traces` is added. */
  readonly endpoint: string
  readonly version: string
  /** Which process of which machine: host, pid and a random part. */
  readonly instance: string
  /** For tests; absent: OTLP over HTTP to the endpoint. */
  readonly exporter?: SpanExporter
}

/**
 * Registers the tracer of this process and sends what it is given to a collector, in batches; the standard variables
 * (OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES …) hold. The parts of OpenTelemetry are
 * loaded here, so that a process without traces loads none of them. A collector that cannot be reached loses spans
 * and holds nothing up.
 */
export async function startTraces(options: TraceOptions): Promise<{ close(): Promise<void> }> {
  const [api, { AsyncLocalStorageContextManager }, { resourceFromAttributes, defaultResource, detectResources, envDetector }, sdk, exporter] = await Promise.all([
    import('@opentelemetry/api'), import('@opentelemetry/context-async-hooks'), import('@opentelemetry/resources'), import('@opentelemetry/sdk-trace'), options.exporter ?? openExporter(options.endpoint),
  ])
  const provider = new sdk.TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'namesake', 'service.version': options.version, 'service.instance.id': options.instance }))
      .merge(detectResources({ detectors: [envDetector] })),
    // In a test every span is there when the work is done.
    spanProcessors: [options.exporter === undefined ? new sdk.BatchSpanProcessor({ exporter }) : new sdk.SimpleSpanProcessor({ exporter })],
  })
  api.trace.setGlobalTracerProvider(provider)
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  api.propagation.setGlobalPropagator(await traceContext())
  return {
    close: async () => {
      // A collector that does not answer must not keep the process from ending.
      await provider.shutdown().catch(() => undefined)
      api.trace.disable()
      api.context.disable()
      api.propagation.disable()
    },
  }
}

async function openExporter(endpoint: string): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http')
  return new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: 5_000 })
}

/** `traceparent`: what joins the span that adds a job to the one that runs it, in another process. */
async function traceContext() {
  const { W3CTraceContextPropagator } = await import('@opentelemetry/core')
  return new W3CTraceContextPropagator()
}
