import { Secret, TOTP } from 'otpauth';
import { newUuid, publicId } from '#libs/kernel';
import { StaffAccounts, type StaffRole, StaffSessions } from '#libs/staff';
import { StaffTokens } from '../../apps/platform/src/http/staff-tokens.service.js';
import type { Creator, Starwall } from './starwall.js';

type Body = Record<string, unknown>;

/** Returns the authenticator's code. @param steps half minutes from now; each code works once */
export const codeOf = (seed: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: Date.now() + steps * 30_000 });

/**
 * Confirms a creator's authenticator by the code of the previous step, which leaves those of this step and the next. If a new step starts
 * before the code is checked, uses that step's previous code.
 */
export async function confirmEarly(creator: Creator, seed: string): Promise<Body> {
  const confirm = () => creator.post('/v1/auth/second-factor/confirm', { code: codeOf(seed, -1) });
  const first = await confirm();
  return first.status === 200 ? first.body : (await confirm().expect(200)).body;
}

/** A staff account with a session. */
export class Staff {
  private constructor(
    private readonly starwall: Starwall,
    readonly id: string,
    readonly email: string,
    readonly password: string,
    readonly seed: string,
    readonly session: Body,
  ) {}

  static async with(role: StaffRole, starwall: Starwall): Promise<Staff> {
    const email = `${newUuid()}@staff.example`;
    const { password } = await starwall.app.get(StaffAccounts, { strict: false }).create(email, role);
    // Bypasses the API, which allows twenty logins per minute from one address.
    const sessions = starwall.app.get(StaffSessions, { strict: false });
    const { enrolment, ...claim } = await sessions.logIn(email, password);
    const seed = String(enrolment?.seed);
    const open = await sessions.confirm(claim, codeOf(seed), { requestId: null, network: null, userAgent: null });
    const session = {
      access_token: await starwall.app.get(StaffTokens, { strict: false }).access(open),
      refresh_token: open.refreshToken,
      recovery_codes: open.recoveryCodes,
    };
    return new Staff(starwall, publicId('staff', open.staffId), email, password, seed, session);
  }

  /** Completes the first login of an account, through the API. */
  static async enrols(starwall: Starwall, email: string, password: string): Promise<Staff> {
    const post = (path: string, body: object) => starwall.http().post(`/v1/staff/auth/${path}`).send(body).expect(200);
    const { body: asked } = await post('login', { email, password });
    const seed = String(asked.enrolment.secret);
    const { body: session } = await post('confirm', { challenge: asked.challenge, code: codeOf(seed) });
    const me = await starwall.http().get('/v1/staff/me').set('authorization', `Bearer ${session.access_token}`);
    return new Staff(starwall, String(me.body.id), email, password, seed, session);
  }

  get(path: string) {
    return this.signs(this.starwall.http().get(path));
  }

  post(path: string, body: object = {}) {
    return this.signs(this.starwall.http().post(path)).send(body);
  }

  patch(path: string, body: object) {
    return this.signs(this.starwall.http().patch(path)).send(body);
  }

  get credentials() {
    return { email: this.email, password: this.password };
  }

  get bearer(): string {
    return `Bearer ${String(this.session['access_token'])}`;
  }

  private signs<Test extends { set(name: string, value: string): Test }>(test: Test): Test {
    return test.set('authorization', this.bearer);
  }
}
