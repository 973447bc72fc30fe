import { Inject, Injectable } from '@nestjs/common';
import { IsNull, MoreThan } from 'typeorm';
import { type Cursor, Database, seekOptions } from '#libs/database';
import { type Clock, NotFound } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { type EarlierLogins, normalEmail } from './account.js';
import { sha256 } from '../secret.js';
import { SessionRow } from './session.entity.js';
import { SessionDirectory } from './session-directory.service.js';
import { SessionStore } from './session.store.js';

const FROM_NETWORK = `
select s.id from accounts a join sessions s on s.account_id = a.id where a.email = $1 and s.network = $2 limit 1`;

const ON_DEVICE = `
select s.id from refresh_tokens r join sessions s on s.id = r.session_id join accounts a on a.id = s.account_id
where r.hash = $2 and a.email = $1`;

/** Lists and ends people's own sessions. */
@Injectable()
export class SessionService {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionStore,
    private readonly directory: SessionDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The open sessions of an account, newest first. @returns one more than `limit` when there are more */
  list(accountId: string, limit: number, cursor: Cursor = {}): Promise<SessionRow[]> {
    const { where, order } = seekOptions(cursor);
    const open = { accountId, revokedAt: IsNull(), expiresAt: MoreThan(this.clock.now()), ...where };
    return this.db.inPlatform('show people their own sessions', (tx) =>
      tx.manager.find(SessionRow, { where: open, order, take: limit + 1 }),
    );
  }

  /** The networks and devices from which the account with this address has logged in before. */
  earlier(email: string): EarlierLogins {
    const found = (sql: string, asked: unknown) =>
      this.db.inPlatform('check for earlier logins from this network or device', (tx) =>
        tx.query<{ id: string }>(sql, [normalEmail(email), asked]),
      );
    return {
      fromNetwork: async (network) => (await found(FROM_NETWORK, network)).length > 0,
      onDevice: async (refreshToken) => (await found(ON_DEVICE, sha256(refreshToken)))[0]?.id,
    };
  }

  /**
   * Ends a session of an account with all its tokens, in other processes within five seconds. Idempotent.
   * @throws NotFound
   */
  async end(accountId: string, sessionId: string): Promise<void> {
    await this.db.inPlatform('end a session of its owner', async (tx) => {
      if (!(await tx.manager.existsBy(SessionRow, { id: sessionId, accountId }))) throw new NotFound('session');
      await this.sessions.revoke(tx, sessionId, this.clock.now(), 'ended_by_owner');
    });
    this.directory.forget(accountId);
  }

  /** Ends every session of an account except one. @returns their number */
  async endOthers(accountId: string, but: string): Promise<number> {
    const now = this.clock.now();
    const ended = await this.db.inPlatform('end all other sessions of a person', (tx) =>
      this.sessions.revokeOthers(tx, accountId, but, now, 'ended_by_owner'),
    );
    this.directory.forget(accountId);
    return ended;
  }
}
