import { DomainError, HOUR, SECOND } from '#libs/kernel';

/** Streams of one workspace in one process. */
export const STREAMS_PER_WORKSPACE = 20;
/** Streams of all workspaces in one process. */
export const STREAMS_PER_PROCESS = 2_000;
/** Milliseconds after which a stream ends, so that connections are redistributed to new processes. */
export const LONGEST_STREAM = HOUR;
/** Milliseconds between two heartbeats, each of which also checks the credential. */
export const HEARTBEAT_MS = 15 * SECOND;
/** Maximum number of unread bytes; beyond this, the reader is too slow. */
export const UNREAD_AT_MOST = 256 * 1024;
/**
 * Milliseconds by which an event may appear after events with later ids: ids are made before the commit, and clocks
 * differ a little.
 */
export const LATE_MS = 10 * SECOND;

/** An event as its stream sends it. */
export interface StreamedEvent {
  readonly id: string;
  readonly type: string;
}

/** The frame of an event (https://html.spec.whatwg.org/multipage/server-sent-events.html). JSON has no line breaks. */
export const frameOf = (event: StreamedEvent): string =>
  `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** A comment, which readers ignore. */
export const HEARTBEAT = ': \n\n';

/** The first frame: how many milliseconds a reader waits before it connects again. */
export const GREETING = `retry: ${2 * SECOND}\n\n`;

export class TooManyStreams extends DomainError {
  static readonly code = 'too_many_streams';
  static readonly refusal = 'too_many';
  readonly remedy =
    `Close another stream first; a workspace may have ${STREAMS_PER_WORKSPACE}. Share one between the parts of a program.`;
  override readonly retryAfterSeconds = 30;

  constructor() {
    super('There are too many open event streams.');
  }
}
