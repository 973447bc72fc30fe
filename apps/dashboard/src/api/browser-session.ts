import { StarwallProblem } from '#libs/client';

/** `none`: not signed in. `ended`: the session ended during the visit. */
type State = 'none' | 'open' | 'ended';

interface Access {
  readonly access_token: string;
  /** Seconds. */
  readonly expires_in: number;
}

/** The routes of the API that a browser's session needs. Each uses the session's cookie, which scripts cannot see. */
interface Routes {
  readonly refresh: () => Promise<Access>;
  readonly leave: () => Promise<unknown>;
}

interface Names {
  /** Name of the lock and the channel that tabs share. */
  readonly shared: string;
  /**
   * Key in this browser's storage that records that there is a cookie. Without it, as on a first visit, no request is
   * sent.
   */
  readonly hint: string;
}

/** Milliseconds before its expiry from which a token is no longer used. */
const MARGIN = 30_000;
const CROSSED_WAIT = 400;
const CROSSED_TRIES = 5;

const isProblem = (error: unknown, code: string) => error instanceof StarwallProblem && error.code === code;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** With the `Origin` that browsers send, it proves that one of our pages sent the request. */
export const fromOwnPage = { header: { 'Starwall-Browser': '1' } } as const;

/**
 * For a refresh: the browser keeps the new cookie even if the page is reloaded before the response arrives. Otherwise
 * the next page would present the old one, which no longer works.
 */
export const outlivingThePage = { keepalive: true } as const;

/**
 * A session of this browser. Its refresh token is in a cookie that scripts cannot read; the access token is in this
 * page's memory. Tabs share the cookie, so one of them refreshes at a time.
 */
export class BrowserSession {
  state: State = 'none';
  private token = '';
  private expiresAt = 0;
  private refreshing: Promise<boolean> | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly entries = new Set<() => void>();
  private readonly others: BroadcastChannel;

  constructor(
    private readonly names: Names,
    private readonly routes: Routes,
  ) {
    this.others = new BroadcastChannel(names.shared);
    this.others.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data === 'ended') this.forget('none');
      if (data === 'entered') location.reload();
    };
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly current = () => this.state;

  /** Calls a listener before each sign-in, which may be that of another account. */
  beforeEntry(listener: () => void): void {
    this.entries.add(listener);
  }

  /** Returns a valid access token, refreshed if needed. @throws StarwallProblem when the session has ended */
  async accessToken(): Promise<string> {
    if (Date.now() > this.expiresAt - MARGIN) await this.resume();
    return this.token;
  }

  /** Continues the cookie's session. @returns true if there is one */
  resume(): Promise<boolean> {
    if (localStorage.getItem(this.names.hint) === null) return Promise.resolve(false);
    this.refreshing ??= navigator.locks
      .request(this.names.shared, () => this.refresh())
      .finally(() => {
        this.refreshing = undefined;
      });
    return this.refreshing;
  }

  /** Ends the session, in all tabs. */
  async signOut(): Promise<void> {
    await this.routes.leave();
    this.others.postMessage('ended');
    this.forget('none');
  }

  /** Reloads all pages after the session has moved to another workspace, because their data is from the former one. */
  moved(): void {
    this.others.postMessage('entered');
    location.assign('/');
  }

  /** Handles a refused token: refreshes it if it has merely expired, or ends the session if it was ended elsewhere. */
  async doubted(): Promise<void> {
    if (this.state === 'none') return;
    this.expiresAt = 0;
    if (!(await this.resume().catch(() => true))) this.forget('ended');
  }

  /** Begins a session. Pages of another account in other tabs would use the new cookie, so they reload. */
  protected enter(answer: Access): void {
    const isNew = this.state !== 'ended';
    if (isNew) for (const listener of this.entries) listener();
    this.keep(answer);
    if (isNew) this.others.postMessage('entered');
  }

  private async refresh(triesLeft = CROSSED_TRIES): Promise<boolean> {
    try {
      this.keep(await this.routes.refresh());
      return true;
    } catch (error) {
      if (isProblem(error, 'refresh_in_progress') && triesLeft > 0) {
        await pause(CROSSED_WAIT);
        return this.refresh(triesLeft - 1);
      }
      if (!isProblem(error, 'refresh_token_invalid')) throw error;
      this.forget(this.state === 'none' ? 'none' : 'ended');
      return false;
    }
  }

  private keep(answer: Access): void {
    this.token = answer.access_token;
    this.expiresAt = Date.now() + answer.expires_in * 1_000;
    localStorage.setItem(this.names.hint, 'open');
    this.tell('open');
  }

  private forget(state: State): void {
    this.token = '';
    this.expiresAt = 0;
    localStorage.removeItem(this.names.hint);
    this.tell(state);
  }

  protected tell(state: State): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
