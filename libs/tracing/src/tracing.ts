/** Facts about a span. Never an address, a name, a text, a token or a path key: traces leave the installation. */
export interface SpanFacts {
  /** `server`: a request to us; `client`: a call of ours; `consumer`: stored work. */
  readonly kind: 'server' | 'client' | 'consumer' | 'internal';
  /**
   * The UUID of what the work is about, by default an order. It is the id of the trace, so spans of several processes
   * find each other without anything stored. Undefined: the span belongs to the one around it, or to a new trace.
   */
  readonly about?: string | undefined;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

/** The receiver of traces. */
export interface TracesTo {
  /** The collector's URL, without `/v1/traces`; no slash at the end. */
  readonly endpoint: string;
  /** Share of the traces that are recorded, from 0 to 1. */
  readonly share: number;
}

/** Records spans; see otlp.ts. */
export interface Recorder {
  run<Result>(name: string, facts: SpanFacts, work: () => Promise<Result>): Promise<Result>;
  tell(attributes: Readonly<Record<string, string | number | boolean>>, about?: string): void;
  end(): Promise<void>;
}

let recorder: Recorder | undefined;

/** True while spans are recorded, for callers whose facts cost something. */
export const isTracing = (): boolean => recorder !== undefined;

/**
 * Runs work within a span, which ends with it and is marked as failed when it throws. Without tracing it only runs the
 * work.
 */
export const inSpan = <Result>(name: string, facts: SpanFacts, work: () => Promise<Result>): Promise<Result> =>
  recorder === undefined ? work() : recorder.run(name, facts, work);

/**
 * Adds facts to the span around the caller.
 * @param about the UUID of another thing that the work turned out to be about: a link to its trace
 */
export const tellSpan = (attributes: Required<SpanFacts>['attributes'], about?: string): void =>
  recorder?.tell(attributes, about);

/** @param by undefined: nothing is recorded any more */
export function recordSpans(by: Recorder | undefined): void {
  recorder = by;
}

/** Sends what was recorded, and stops recording. Never throws. */
export async function endTracing(): Promise<void> {
  const ending = recorder;
  recorder = undefined;
  await ending?.end().catch(() => undefined);
}
