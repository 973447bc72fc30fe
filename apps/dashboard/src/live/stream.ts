import { type EventType, followEvents, StarwallProblem } from '#libs/client';

export interface News {
  readonly id: string;
  readonly type: EventType;
}

interface StreamOptions {
  readonly token: () => Promise<string>;
  /** The last event that this page knows. */
  readonly lastId: () => string | undefined;
  readonly signal: AbortSignal;
  readonly onNews: (news: News) => void;
  readonly onLine: (isConnected: boolean) => void;
  /** Called when the credential was refused. */
  readonly onDoubt: () => void;
}

/** Milliseconds after which a refused stream is requested again: a role may have changed. */
const REFUSED_MS = 60_000;

/** Reads the workspace's events until the signal is aborted, through outages and refusals. */
export async function readStream(options: StreamOptions): Promise<void> {
  const { token, lastId, signal, onNews, onLine, onDoubt } = options;
  while (!signal.aborted) {
    try {
      const events = followEvents({ url: location.origin, token, lastEventId: lastId(), signal, onLine });
      for await (const { id, type } of events) onNews({ id, type });
    } catch (error) {
      onLine(false);
      if (error instanceof StarwallProblem && error.status === 401) onDoubt();
      await waited(REFUSED_MS, signal);
    }
  }
}

const waited = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
