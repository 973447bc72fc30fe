import { Inject, Injectable } from '@nestjs/common';
import { IsNull, MoreThan } from 'typeorm';
import { type Cursor, Database, seekOptions } from '#libs/database';
import { type Clock, NotFound } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { SessionRow } from './session.entity.js';
import { SessionDirectory } from './session-directory.service.js';
import { SessionStore } from './session.store.js';

/** What people may know about their own sessions, and do with them. */
@Injectable()
export class SessionService {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionStore,
    private readonly directory: SessionDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The sessions of an account that have not ended, newest first. @returns one more than `limit` when there are more */
  list(accountId: string, limit: number, cursor: Cursor = {}): Promise<SessionRow[]> {
    const { where, order } = seekOptions(cursor);
    const open = { accountId, revokedAt: IsNull(), expiresAt: MoreThan(this.clock.now()), ...where };
    return this.db.inPlatform('show somebody their own sessions', (tx) =>
      tx.manager.find(SessionRow, { where: open, order, take: limit + 1 }),
    );
  }

  /** Ends a session of an account with all its tokens, those of other processes within five seconds. Safe to repeat. @throws NotFound */
  async end(accountId: string, sessionId: string): Promise<void> {
    await this.db.inPlatform('end a session of the person who asks', async (tx) => {
      if (!(await tx.manager.existsBy(SessionRow, { id: sessionId, accountId }))) throw new NotFound('session');
      await this.sessions.revoke(tx, sessionId, this.clock.now(), 'ended_by_owner');
    });
    this.directory.forget(accountId);
  }

  /** Ends every session of an account but one. @returns how many there were */
  async endOthers(accountId: string, but: string): Promise<number> {
    const now = this.clock.now();
    const ended = await this.db.inPlatform('end all other sessions of somebody', (tx) =>
      this.sessions.revokeOthers(tx, accountId, but, now, 'ended_by_owner'),
    );
    this.directory.forget(accountId);
    return ended;
  }
}
