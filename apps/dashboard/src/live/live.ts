import type { QueryClient } from '@tanstack/react-query';
import { CHANGED_BY, SUBJECTS } from './changes';
import { familyOf } from './event-types';
import { Refresher } from './refresher';
import { type News, readStream } from './stream';

/** `lost`: the pages poll every few seconds instead. */
export type Line = { readonly state: 'connecting' | 'live' } | { readonly state: 'lost'; readonly since: string };

type Message = { readonly line: Line } | { readonly news: News } | 'newcomer';

interface Options {
  /** Name of the stream that the tabs of this browser share: one for each workspace and credential. */
  readonly name: string;
  readonly token: () => Promise<string>;
  readonly onDoubt: () => void;
}

/** Milliseconds for a lost connection to be restored before the page reports it. */
const GRACE_MS = 3_000;
/** Milliseconds between two requests of a page without the stream. */
const LOOK_AGAIN_MS = 5_000;
/** Milliseconds after which a hidden page gives up its connection. */
const HIDDEN_MS = 60_000;

/**
 * Keeps the pages up to date using the workspace's event stream. One tab of a browser holds the connection and tells
 * the others: browsers allow few connections to one server. See docs/decisions/0111-live-pages.md.
 */
export class Live {
  line: Line = { state: 'connecting' };
  private readonly refresher: Refresher;
  private readonly listeners = new Set<() => void>();
  private lastId: string | undefined;
  private isHolder = false;
  /** `asleep`: hidden for so long that it sends no requests. */
  private wake: 'new' | 'awake' | 'asleep' = 'new';

  constructor(queries: QueryClient) {
    this.refresher = new Refresher(queries);
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly current = () => this.line;

  /** Follows the workspace while this page is visible. @returns a function that stops it */
  begin(options: Options): () => void {
    const others = new BroadcastChannel(`${options.name}-live`);
    const tell = (message: Message) => others.postMessage(message);
    others.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data !== 'newcomer') this.hear(data);
      else if (this.isHolder) tell({ line: this.line });
    };
    const say = (message: Exclude<Message, 'newcomer'>) => {
      this.hear(message);
      tell(message);
    };
    tell('newcomer');
    const stopWaking = whileLookedAt((signal) => {
      if (this.wake === 'asleep') this.refresher.changed(SUBJECTS);
      this.wake = 'awake';
      const polling = setInterval(() => this.poll(), LOOK_AGAIN_MS);
      signal.addEventListener('abort', () => {
        this.wake = 'asleep';
        clearInterval(polling);
      });
      void this.hold(options, say, signal);
    });
    return () => {
      stopWaking();
      others.close();
    };
  }

  /** Waits until no other tab has the connection, then holds it until the signal is aborted. */
  private async hold(options: Options, say: (message: Exclude<Message, 'newcomer'>) => void, signal: AbortSignal) {
    let losing: ReturnType<typeof setTimeout> | undefined;
    const onLine = (isConnected: boolean) => {
      if (!isConnected) {
        if (this.line.state !== 'lost') losing ??= setTimeout(() => say({ line: lostNow() }), GRACE_MS);
        return;
      }
      clearTimeout(losing);
      losing = undefined;
      say({ line: { state: 'live' } });
    };
    const read = async () => {
      this.isHolder = true;
      const { token, onDoubt } = options;
      const onNews = (news: News) => say({ news });
      await readStream({ token, onDoubt, signal, onLine, onNews, lastId: () => this.lastId });
    };
    await navigator.locks.request(`${options.name}-live`, { signal }, read).catch(() => undefined);
    clearTimeout(losing);
    this.isHolder = false;
  }

  private hear(message: Exclude<Message, 'newcomer'>): void {
    if ('news' in message) {
      this.lastId = message.news.id;
      if (this.wake !== 'asleep') this.refresher.changed([...CHANGED_BY[familyOf(message.news.type)], 'developers']);
      return;
    }
    // Events begin with the connection, so changes since the displayed responses are fetched.
    const isBack = message.line.state === 'live' && this.line.state !== 'live';
    if (isBack && this.wake !== 'asleep') this.refresher.changed(SUBJECTS);
    this.line = message.line;
    for (const listener of this.listeners) listener();
  }

  private poll(): void {
    if (this.line.state === 'lost') this.refresher.changed(SUBJECTS);
  }
}

const lostNow = (): Line => ({ state: 'lost', since: new Date().toISOString() });

/** Calls back when the page is shown; the signal is aborted after it was hidden for a while. @returns a function that stops both */
function whileLookedAt(begin: (signal: AbortSignal) => void): () => void {
  let awake: AbortController | undefined;
  let leaving: ReturnType<typeof setTimeout> | undefined;
  const sleep = () => {
    awake?.abort();
    awake = undefined;
  };
  const look = () => {
    clearTimeout(leaving);
    if (document.visibilityState === 'hidden') {
      leaving = setTimeout(sleep, HIDDEN_MS);
    } else if (awake === undefined) {
      awake = new AbortController();
      begin(awake.signal);
    }
  };
  look();
  document.addEventListener('visibilitychange', look);
  return () => {
    document.removeEventListener('visibilitychange', look);
    clearTimeout(leaving);
    sleep();
  };
}
