/** Facts about a span. Never an address, a name, a text, a token or a path key: traces leave the installation. */
export interface SpanFacts {
  /** `server`: an incoming request; `client`: an outgoing call; `consumer`: stored work. */
  readonly kind: 'server' | 'client' | 'consumer' | 'internal';
  /**
   * The UUID of the object that the work is about, usually an order. It becomes the id of the trace, so that spans of
   * several processes belong together without storing anything. If undefined, the span belongs to the enclosing one, or
   * to a new trace.
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

/** True while spans are recorded, for callers whose facts are expensive to compute. */
export const isTracing = (): boolean => recorder !== undefined;

/**
 * Runs work within a span, which ends with it and is marked as failed when it throws. Without tracing it just runs the
 * work.
 */
export const inSpan = <Result>(name: string, facts: SpanFacts, work: () => Promise<Result>): Promise<Result> =>
  recorder === undefined ? work() : recorder.run(name, facts, work);

/**
 * Adds facts to the caller's span. @param about the UUID of another object that the work turned out to be about: adds a
 * link to its trace
 */
export const tellSpan = (attributes: Required<SpanFacts>['attributes'], about?: string): void =>
  recorder?.tell(attributes, about);

/** Sets the recorder. @param by undefined to stop recording */
export function recordSpans(by: Recorder | undefined): void {
  recorder = by;
}

/** Sends what was recorded, and stops recording. Never throws. */
export async function endTracing(): Promise<void> {
  const ending = recorder;
  recorder = undefined;
  await ending?.end().catch(() => undefined);
}
