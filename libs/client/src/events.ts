import type { components } from './api.js';
import { answered, StarwallProblem } from './answers.js';

type Event = components['schemas']['Event'];

/** Milliseconds before reconnecting; a refusal may request more. */
const PAUSE_MS = 2_000;
/** Milliseconds without a heartbeat, which comes every 15 seconds, after which a connection counts as broken. */
const SILENCE_MS = 40_000;

export interface FollowOptions {
  /** The address of the platform. */
  readonly url: string;
  /** An API key, an access token, or a function that returns one, which is called for every connection. */
  readonly token: string | (() => string | Promise<string>);
  /** The last event that you have received; if omitted, the stream starts now. */
  readonly lastEventId?: string | undefined;
  /** Ends the stream. */
  readonly signal?: AbortSignal | undefined;
  /** Called with true after each connection is made, and with false after one broke or could not be made. */
  readonly onLine?: (connected: boolean) => void;
}

/**
 * Yields events as they happen. Reconnects automatically and continues after the last event. An event may come more
 * than once; detect duplicates by `id`. Ends when `signal` is aborted. Waits during overload and outages. @throws
 * StarwallProblem when the API refuses the credential or the request
 */
export async function* followEvents(options: FollowOptions): AsyncGenerator<Event, void, undefined> {
  const { signal, onLine } = options;
  let { lastEventId } = options;
  const isOver = () => signal?.aborted === true;
  while (!isOver()) {
    let pause = PAUSE_MS;
    try {
      for await (const event of connection(options, lastEventId)) {
        lastEventId = event.id;
        yield event;
      }
    } catch (error) {
      if (error instanceof StarwallProblem) throw error;
      if (error instanceof AskedToWait) pause = Math.max(pause, error.ms);
    }
    if (isOver()) return;
    onLine?.(false);
    await sleep(pause, signal);
  }
}

/** Thrown while the platform is busy or unavailable. */
class AskedToWait extends Error {
  readonly ms: number;

  constructor(response: Response) {
    super(`the platform answered ${response.status}`);
    this.ms = Number(response.headers.get('retry-after') ?? 0) * 1_000;
  }
}

async function* connection(
  { url, token, signal, onLine }: FollowOptions,
  lastEventId: string | undefined,
): AsyncGenerator<Event, void, undefined> {
  const quiet = new AbortController();
  const watch = { timer: setTimeout(() => quiet.abort(), SILENCE_MS) };
  try {
    const response = await fetch(`${url}/v1/events/stream`, {
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${typeof token === 'string' ? token : await token()}`,
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
      signal: signal === undefined ? quiet.signal : AbortSignal.any([signal, quiet.signal]),
    });
    if (response.status === 429 || response.status >= 500) throw new AskedToWait(response);
    if (!response.ok || response.body === null) {
      const error: unknown = await response.json().catch(() => undefined);
      return void (await answered(Promise.resolve({ error, response })));
    }
    onLine?.(true);
    for await (const data of framesOf(response.body)) {
      clearTimeout(watch.timer);
      watch.timer = setTimeout(() => quiet.abort(), SILENCE_MS);
      if (data !== '') yield JSON.parse(data) as Event;
    }
  } finally {
    clearTimeout(watch.timer);
  }
}

/** Yields the data of each frame; empty for a comment. */
async function* framesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const [reader, decoder] = [body.getReader(), new TextDecoder()];
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const frames = (rest + decoder.decode(value, { stream: true })).split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) yield dataIn(frame);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

const dataIn = (frame: string) =>
  frame
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice('data: '.length))
    .join('\n');

const sleep = (ms: number, signal: AbortSignal | undefined) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
