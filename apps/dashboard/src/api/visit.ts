import { type Schema, starwall } from '#libs/client';
import { Session } from './creator-session';

/** Grants a visitor's tab its access. Passed from window to window; never put into an address or into storage. */
export interface Pass {
  readonly token: string;
  /** The end of the visit. */
  readonly until: string;
  /** The visitor, as the pages see them. */
  readonly me: Schema<'Me'>;
}

type Words =
  | { readonly starwall: 'visit'; readonly want: true }
  | { readonly starwall: 'visit'; readonly pass: Pass }
  /** The console's tab is leaving: nobody else can continue or end the visit any more. */
  | { readonly starwall: 'visit'; readonly alone: true };

const isWords = (data: unknown): data is Words =>
  typeof data === 'object' && data !== null && 'starwall' in data && data.starwall === 'visit';

/** Marks the tab of a visit, so that a reload continues it. It contains no secret. */
const MARK = 'starwall.visit';
const PATH = '/look';
/** Milliseconds in which the console answers. */
const PATIENCE = 3_000;
/** Milliseconds between the console's looks at whether the tab is still open. A reload does not close it. */
const LOOK_AGAIN_MS = 1_000;

/** True in a tab that was opened from the staff's console to look inside a workspace. */
export const isVisit = (): boolean => location.pathname === PATH || sessionStorage.getItem(MARK) !== null;

/**
 * Read-only access to a workspace for a member of staff, in one tab. It ends with its pass, or when its tab is closed. The
 * console's tab notices that; once that is gone, this tab ends the visit itself when it goes, because a reload could not
 * continue it either.
 */
export class Visit extends Session {
  pass: Pass | undefined;
  private isOver = false;
  private isAlone = false;

  constructor() {
    super({ shared: 'starwall-visit', hint: 'starwall.visit.none' });
    sessionStorage.setItem(MARK, 'open');
    addEventListener('message', ({ data, origin, source }: MessageEvent<unknown>) => {
      if (origin === location.origin && source === window.opener && isWords(data) && 'alone' in data)
        this.isAlone = true;
    });
    addEventListener('pagehide', () => {
      const console = window.opener as Window | null;
      if (this.pass !== undefined && (this.isAlone || console === null || console.closed)) void leave(this.pass.token);
    });
  }

  override accessToken(): Promise<string> {
    return Promise.resolve(this.pass?.token ?? '');
  }

  override async resume(): Promise<boolean> {
    if (this.isOver) return false;
    this.pass ??= await askForPass();
    if (this.pass === undefined) return false;
    setTimeout(() => void this.doubted(), new Date(this.pass.until).getTime() - Date.now());
    this.tell('open');
    return true;
  }

  /** Ends the visit, because its time is up or the visitor's own session has ended. */
  override doubted(): Promise<void> {
    this.isOver = true;
    this.pass = undefined;
    this.tell('ended');
    return Promise.resolve();
  }

  /** Ends the visit, also at the platform. This tab forgets the pass, and closes if the browser allows it. */
  override async signOut(): Promise<void> {
    if (this.pass !== undefined) await leave(this.pass.token);
    sessionStorage.removeItem(MARK);
    await this.doubted();
    window.close();
  }
}

/** Also sent while the page goes. If the platform cannot be reached, the token ends by itself within ten minutes. */
const leave = (token: string) =>
  starwall({ url: location.origin })
    .POST('/v1/staff/visits/end', { body: { access_token: token }, keepalive: true })
    .catch(() => undefined);

/** Asks the console, which opened this tab, for the pass. */
function askForPass(): Promise<Pass | undefined> {
  const console = window.opener as Window | null;
  if (console === null) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(undefined), PATIENCE);
    addEventListener('message', ({ data, origin, source }: MessageEvent<unknown>) => {
      if (origin !== location.origin || source !== console || !isWords(data) || !('pass' in data)) return;
      clearTimeout(late);
      resolve(data.pass);
    });
    console.postMessage({ starwall: 'visit', want: true } satisfies Words, location.origin);
  });
}

/**
 * Opens a workspace in a new tab, and gives this tab the pass whenever it asks, until the visit ends. Ends the visit at the
 * platform when the tab is closed.
 * @returns the tab; null if the browser has blocked it
 */
export function openVisit(pass: Pass): Window | null {
  const tab = open(PATH, '_blank');
  if (tab === null) return null;
  const say = (words: Words) => tab.postMessage(words, location.origin);
  const answer = ({ data, origin, source }: MessageEvent<unknown>) => {
    if (origin !== location.origin || source !== tab || !isWords(data) || !('want' in data)) return;
    say({ starwall: 'visit', pass });
  };
  const go = () => say({ starwall: 'visit', alone: true });
  const watch = setInterval(() => {
    const isOver = new Date(pass.until) <= new Date();
    if (!tab.closed && !isOver) return;
    clearInterval(watch);
    removeEventListener('message', answer);
    removeEventListener('pagehide', go);
    if (!isOver) void leave(pass.token);
  }, LOOK_AGAIN_MS);
  addEventListener('message', answer);
  addEventListener('pagehide', go);
  return tab;
}
