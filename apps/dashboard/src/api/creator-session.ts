import { answered, type Schema, starwall } from '#libs/client';
import { BrowserSession, fromOwnPage as params, outlivingThePage } from './browser-session';

const door = starwall({ url: location.origin });

/** The session of a creator. */
export class Session extends BrowserSession {
  constructor(names = { shared: 'starwall-session', hint: 'starwall.session' }) {
    super(names, {
      refresh: () => answered(door.POST('/v1/auth/browser/refresh', { params, ...outlivingThePage })),
      leave: () => answered(door.POST('/v1/auth/browser/logout', { params })),
    });
  }

  async signIn(body: Schema<'BrowserLogIn'>): Promise<void> {
    this.enter(await answered(door.POST('/v1/auth/browser/login', { body, params })));
  }

  async signUp(body: Schema<'SignUp'>): Promise<void> {
    this.enter(await answered(door.POST('/v1/auth/browser/sign-up', { body, params })));
  }

  /** Accepts an invitation. The new session belongs to its workspace. */
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
}
