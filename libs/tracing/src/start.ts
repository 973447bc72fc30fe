import { isTracing, recordSpans, type TracesTo } from './tracing.js';

/**
 * Begins to record spans. The library is loaded here only. Does nothing where spans are recorded already.
 * @param service `starwall-worker` and the like
 */
export async function startTracing(service: string, to: TracesTo): Promise<void> {
  if (isTracing()) return;
  const { otlpRecorder } = await import('./otlp.js');
  recordSpans(otlpRecorder(service, to));
}
