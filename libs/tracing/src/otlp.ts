import { type Attributes, context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  RandomIdGenerator,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Recorder, SpanFacts, TracesTo } from './tracing.js';

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;

/** Gives the next trace a chosen id: the library asks for one when it starts a span. */
class ChosenIds extends RandomIdGenerator {
  chosen: string | undefined;
  override generateTraceId = (): string => this.chosen ?? this.random();
  private readonly random = new RandomIdGenerator().generateTraceId;
}

/**
 * Records spans and sends them by OTLP over HTTP. The exporter reads `OTEL_EXPORTER_OTLP_HEADERS` and
 * `OTEL_EXPORTER_OTLP_COMPRESSION` itself.
 * @param service the value of `service.name`
 */
export function otlpRecorder(service: string, { endpoint, share }: TracesTo): Recorder {
  const ids = new ChosenIds();
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': service })),
    idGenerator: ids,
    // By the trace's id, so that all processes choose the same traces.
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }) })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const tracer = provider.getTracer('starwall');
  const start = (name: string, { kind, about, attributes = {} }: SpanFacts): Span => {
    const options = { kind: KINDS[kind], attributes: attributes as Attributes };
    if (about === undefined) return tracer.startSpan(name, options, context.active());
    const around = trace.getSpanContext(context.active());
    if (around?.traceId === traceOf(about)) return tracer.startSpan(name, options, context.active());
    ids.chosen = traceOf(about);
    const links = around === undefined ? [] : [{ context: around }];
    const span = tracer.startSpan(name, { ...options, root: true, links }, ROOT_CONTEXT);
    ids.chosen = undefined;
    return span;
  };
  return {
    async run(name, facts, work) {
      const span = start(name, facts);
      try {
        return await context.with(trace.setSpan(context.active(), span), work);
      } catch (error) {
        // The message may quote people's texts.
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'failed' });
        throw error;
      } finally {
        span.end();
      }
    },
    tell(attributes, about) {
      const span = trace.getActiveSpan();
      span?.setAttributes(attributes as Attributes);
      if (about === undefined || span === undefined || span.spanContext().traceId === traceOf(about)) return;
      span.addLink({
        context: { traceId: traceOf(about), spanId: about.replaceAll('-', '').slice(16), traceFlags: 1 },
      });
    },
    async end() {
      context.disable();
      await provider.shutdown();
    },
  };
}

/** A UUID is as long as a trace's id. */
const traceOf = (uuid: string) => uuid.replaceAll('-', '').toLowerCase();
