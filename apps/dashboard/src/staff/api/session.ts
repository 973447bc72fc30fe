import { answered, type Schema, starwall } from '#libs/client';
import { BrowserSession, fromOwnPage as params, outlivingThePage } from '../../api/browser-session';

const door = starwall({ url: location.origin });

/** The session of a member of staff. It shares nothing with a creator's in the same browser. */
class StaffSession extends BrowserSession {
  constructor() {
    super(
      { shared: 'starwall-staff', hint: 'starwall.staff' },
      {
        refresh: () => answered(door.POST('/v1/staff/auth/browser/refresh', { params, ...outlivingThePage })),
        leave: () => answered(door.POST('/v1/staff/auth/browser/logout', { params })),
      },
    );
  }

  /** The first half: the password. It opens nothing. */
  ask(body: Schema<'StaffBrowserLogIn'>): Promise<Schema<'StaffChallenge'>> {
    return answered(door.POST('/v1/staff/auth/browser/login', { body, params }));
  }

  /** The second half. @returns recovery codes if this code has confirmed the authenticator */
  async confirm(body: Schema<'StaffConfirm'>): Promise<readonly string[] | null> {
    const answer = await answered(door.POST('/v1/staff/auth/browser/confirm', { body, params }));
    this.enter(answer);
    return answer.recovery_codes;
  }

  /** Completes the login with a recovery code. */
  async recover(body: Schema<'StaffRecover'>): Promise<void> {
    this.enter(await answered(door.POST('/v1/staff/auth/browser/recover', { body, params })));
  }
}

export const staffSession = new StaffSession();
