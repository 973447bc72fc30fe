import { answered, type Schema, starwall, StarwallProblem } from '#libs/client';

/** `none`: not signed in. `ended`: the session ended during the visit. */
type State = 'none' | 'open' | 'ended';

const LOCK = 'starwall-session';
/**
 * Set in this browser's storage while it has the cookie, which scripts cannot see: a first visit sends no request for
 * it.
 */
const HINT = 'starwall.session';
const CHANNEL = 'starwall-session';
/** Milliseconds before its expiry at which a token is no longer used. */
const MARGIN = 30_000;
const CROSSED_WAIT = 400;
const CROSSED_TRIES = 5;

const params = { header: { 'Starwall-Browser': '1' } } as const;
const door = starwall({ url: location.origin });

const isProblem = (error: unknown, code: string) => error instanceof StarwallProblem && error.code === code;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The session of this browser. Its refresh token is in a cookie that scripts cannot read; the access token is in this
 * page's memory. Tabs share the cookie, so one of them refreshes at a time.
 */
class Session {
  state: State = 'none';
  private token = '';
  private expiresAt = 0;
  private refreshing: Promise<boolean> | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly others = new BroadcastChannel(CHANNEL);

  constructor() {
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

  /** A valid access token. @throws StarwallProblem when the session has ended */
  async accessToken(): Promise<string> {
    if (Date.now() > this.expiresAt - MARGIN) await this.resume();
    return this.token;
  }

  /** Continues the cookie's session. @returns true if there is one */
  resume(): Promise<boolean> {
    if (localStorage.getItem(HINT) === null) return Promise.resolve(false);
    this.refreshing ??= navigator.locks
      .request(LOCK, () => this.refresh())
      .finally(() => {
        this.refreshing = undefined;
      });
    return this.refreshing;
  }

  async signIn(body: Schema<'BrowserLogIn'>): Promise<void> {
    this.enter(await answered(door.POST('/v1/auth/browser/login', { body, params })));
  }

  async signUp(body: Schema<'SignUp'>): Promise<void> {
    this.enter(await answered(door.POST('/v1/auth/browser/sign-up', { body, params })));
  }

  /** Accepts an invitation: the session is in its workspace. */
  async join(body: Schema<'AcceptInvitation'>): Promise<void> {
    this.enter(await answered(door.POST('/v1/auth/browser/accept-invitation', { body, params })));
  }

  /**
   * Signs in with the one-time code of a link. Only the standalone program has this route, so the client's types do not
   * name it. @returns false when the code was used or does not exist
   */
  async enterByLink(code: string): Promise<boolean> {
    const headers = { 'content-type': 'application/json', ...params.header };
    const answer = await fetch('/v1/auth/browser/link', { method: 'POST', headers, body: JSON.stringify({ code }) });
    if (answer.ok) this.enter((await answer.json()) as Schema<'BrowserSession'>);
    return answer.ok;
  }

  async signOut(): Promise<void> {
    await answered(door.POST('/v1/auth/browser/logout', { params }));
    this.others.postMessage('ended');
    this.forget('none');
  }

  /** The API has refused the token: the session was ended elsewhere, or only the token has expired. */
  async doubted(): Promise<void> {
    this.expiresAt = 0;
    if (!(await this.resume().catch(() => true))) this.forget('ended');
  }

  private async refresh(triesLeft = CROSSED_TRIES): Promise<boolean> {
    try {
      this.keep(await answered(door.POST('/v1/auth/browser/refresh', { params })));
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

  /** Pages of another account in other tabs would use the new cookie, so they reload. */
  private enter(answer: Schema<'BrowserSession'>): void {
    const wasAway = this.state !== 'ended';
    this.keep(answer);
    if (wasAway) this.others.postMessage('entered');
  }

  private keep(answer: Schema<'BrowserSession'>): void {
    this.token = answer.access_token;
    this.expiresAt = Date.now() + answer.expires_in * 1_000;
    localStorage.setItem(HINT, 'open');
    this.tell('open');
  }

  private forget(state: State): void {
    this.token = '';
    this.expiresAt = 0;
    localStorage.removeItem(HINT);
    this.tell(state);
  }

  private tell(state: State): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}

export const session = new Session();
