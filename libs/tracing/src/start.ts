import { isTracing, recordSpans, type TracesTo } from './tracing.js';

/**
 * Starts recording spans. The library is loaded only here. Does nothing if spans are already recorded.
 * @param service `starwall-worker` and the like
 */
export async function startTracing(service: string, to: TracesTo): Promise<void> {
  if (isTracing()) return;
  const { otlpRecorder } = await import('./otlp.js');
  recordSpans(otlpRecorder(service, to));
}
