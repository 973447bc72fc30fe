import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { type Clock, SECOND } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import type { Role } from './scope.js';
import { ShortMemory } from './short-memory.js';

/** What an access token says about itself. */
export interface SessionClaims {
  readonly sessionId: string;
  readonly accountId: string;
  readonly tenantId: string;
}

const LIFETIME = 5 * SECOND;
const MOST = 10_000;

const STANDING = `
select m.role from sessions s join memberships m on m.account_id = s.account_id and m.tenant_id = $3
where s.id = $1 and s.account_id = $2 and s.revoked_at is null and s.expires_at > $4`;

/**
 * What becomes of an access token while it lives: its session may end, its account may leave the workspace or get another role. Read
 * once in five seconds per session, which is what an end costs in the worst case, and asks nothing of the token but who it is about.
 */
@Injectable()
export class SessionDirectory {
  private readonly standings = new ShortMemory<{ readonly role: Role | undefined }>(LIFETIME, MOST);

  constructor(
    private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The role that the session's account has in the workspace now; undefined when the session or the membership has ended. */
  async roleOf(claims: SessionClaims): Promise<Role | undefined> {
    const place = `${claims.accountId}/${claims.tenantId}/${claims.sessionId}`;
    const standing = await this.standings.get(place, this.clock.now().getTime(), () => this.read(claims));
    return standing?.role;
  }

  /** Call after a session or membership of this account has changed; other processes follow within five seconds. */
  forget(accountId: string): void {
    this.standings.forget((place) => place.startsWith(accountId));
  }

  // That a session is over is remembered, too: its tokens are genuine, so there are not many of them.
  private async read({ sessionId, accountId, tenantId }: SessionClaims): Promise<{ readonly role: Role | undefined }> {
    const rows = await this.db.inPlatform('whether a session still stands', (tx) =>
      tx.query<{ role: Role }>(STANDING, [sessionId, accountId, tenantId, this.clock.now()]),
    );
    return { role: rows[0]?.role };
  }
}
