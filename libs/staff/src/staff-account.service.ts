import { Inject, Injectable } from '@nestjs/common';
import { type Cursor, Database, type PlatformTx } from '#libs/database';
import { type Clock, newUuid, NotFound } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { newSecret, normalEmail, Passwords, WrongPassword } from '#libs/tenants';
import type { StaffRole } from './permission.js';
import { NotYourself, StaffExists, type StaffFacts } from './staff.js';
import { StaffDirectory } from './staff-directory.service.js';

const FACTS = `id, email, role, totp_confirmed_at as "secondFactorAt", created_at as "createdAt", disabled_at as "disabledAt"`;

/**
 * Accounts of the platform's staff. A change takes effect at once in this process, and within five seconds in others.
 */
@Injectable()
export class StaffAccounts {
  constructor(
    private readonly db: Database,
    private readonly passwords: Passwords,
    private readonly directory: StaffDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @param password 10 to 200 characters; a generated one if omitted
   * @returns the account, and its password, which must be shown only once
   * @throws StaffExists
   */
  async create(email: string, role: StaffRole, password = newSecret()) {
    const hash = await this.passwords.hash(password);
    const [made] = await this.db.inPlatform('a new member of staff', (tx) =>
      tx.query<StaffFacts>(
        `insert into staff_accounts (id, email, role, password_hash, created_at) values ($1, $2, $3, $4, $5)
         on conflict (email) do nothing returning ${FACTS}`,
        [newUuid(), normalEmail(email), role, hash, this.clock.now()],
      ),
    );
    if (made === undefined) throw new StaffExists();
    return { staff: made, password };
  }

  /** Newest first. @returns one more than `limit` when there are more */
  list(limit: number, { after, before }: Cursor = {}): Promise<StaffFacts[]> {
    return this.db.inPlatform('list the staff', (tx) =>
      tx.query<StaffFacts>(
        `select ${FACTS} from staff_accounts
         where ($1::uuid is null or id < $1) and ($2::uuid is null or id > $2)
         order by id ${before === undefined ? 'desc' : 'asc'} limit $3`,
        [after ?? null, before ?? null, limit + 1],
      ),
    );
  }

  /** @throws NotFound */
  get(id: string): Promise<StaffFacts> {
    return this.db.inPlatform('one member of staff', async (tx) => {
      const [found] = await tx.query<StaffFacts>(`select ${FACTS} from staff_accounts where id = $1`, [id]);
      if (found === undefined) throw new NotFound('staff account');
      return found;
    });
  }

  /** @throws NotFound, NotYourself */
  changeRole(by: string, id: string, role: StaffRole): Promise<StaffFacts> {
    return this.change(by, id, 'role = $2', [role], undefined);
  }

  /** Ends all sessions, and their impersonations. Idempotent. @throws NotFound, NotYourself */
  disable(by: string, id: string): Promise<StaffFacts> {
    const set = 'disabled_at = coalesce(disabled_at, $2), generation = generation + 1';
    return this.change(by, id, set, [this.clock.now()], 'account_disabled');
  }

  /** Keeps the previous password and second factor. Idempotent. @throws NotFound, NotYourself */
  enable(by: string, id: string): Promise<StaffFacts> {
    return this.change(by, id, 'disabled_at = null', [], undefined);
  }

  /** Ends all sessions; the next login enrols a new authenticator. @throws NotFound, NotYourself */
  resetSecondFactor(by: string, id: string): Promise<StaffFacts> {
    const set = `totp_sealed = null, totp_confirmed_at = null, totp_step = null, recovery_hashes = '{}', wrong_codes = 0,
      codes_locked_until = null, generation = generation + 1`;
    return this.change(by, id, set, [], 'second_factor_reset');
  }

  /**
   * Changes the member's own password and ends their other sessions.
   * @param next 10 to 200 characters
   * @throws WrongPassword
   */
  async changePassword(id: string, sessionId: string, current: string, next: string): Promise<void> {
    const [account] = await this.db.inPlatform('find the account whose password changes', (tx) =>
      tx.query<{ hash: string }>('select password_hash as hash from staff_accounts where id = $1', [id]),
    );
    if (account === undefined || !(await this.passwords.matches(account.hash, current))) throw new WrongPassword();
    const hash = await this.passwords.hash(next);
    await this.db.inPlatform('a new password', async (tx) => {
      const changed = await tx.query(
        'update staff_accounts set password_hash = $3, generation = generation + 1 where id = $1 and password_hash = $2 returning 1',
        [id, account.hash, hash],
      );
      if (changed.length === 0) throw new WrongPassword();
      await endSessions(tx, id, this.clock.now(), 'password_changed', sessionId);
    });
    this.directory.forget(id);
  }

  /** Locks both accounts in a fixed order: if two admins disable each other, the second one is no longer an admin. */
  private async change(by: string, id: string, set: string, values: readonly unknown[], ends: string | undefined) {
    if (by === id) throw new NotYourself();
    const changed = await this.db.inPlatform('change a member of staff', async (tx) => {
      const locked = await tx.query<{ id: string; role: StaffRole; disabledAt: Date | null }>(
        `select id, role, disabled_at as "disabledAt" from staff_accounts where id in ($1, $2) order by id for update`,
        [by, id],
      );
      const actor = locked.find((one) => one.id === by);
      // A caller who was an admin when the request arrived may no longer be one.
      if (actor?.role !== 'admin' || actor.disabledAt !== null) throw new NotFound('staff account');
      const [row] = await tx.query<StaffFacts>(`update staff_accounts set ${set} where id = $1 returning ${FACTS}`, [
        id,
        ...values,
      ]);
      if (row === undefined) throw new NotFound('staff account');
      if (ends !== undefined) await endSessions(tx, id, this.clock.now(), ends);
      return row;
    });
    this.directory.forget(id);
    return changed;
  }
}

async function endSessions(tx: PlatformTx, staffId: string, at: Date, because: string, but?: string): Promise<void> {
  await tx.query(
    `update staff_sessions set revoked_at = $2, revoked_because = $3
     where staff_id = $1 and revoked_at is null and ($4::uuid is null or id <> $4)`,
    [staffId, at, because, but ?? null],
  );
}
