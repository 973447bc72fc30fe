import { Inject, Injectable, Logger } from '@nestjs/common';
import { afterCommit, Database } from '#libs/database';
import { type Clock, MINUTE, SECOND } from '#libs/kernel';
import { CLOCK, redact, ShortMemory } from '#libs/runtime';
import type { Role } from './scope.js';

/** The claims of an access token about its session. */
export interface SessionClaims {
  readonly sessionId: string;
  readonly accountId: string;
  readonly tenantId: string;
}

const LIFETIME = 5 * SECOND;
const MOST = 10_000;

const NOTE_USE_EVERY = MINUTE;

const STANDING = `
select m.role, s.last_used_at as "lastUsedAt" from sessions s join memberships m on m.account_id = s.account_id and m.tenant_id = $3
where s.id = $1 and s.account_id = $2 and s.revoked_at is null and s.expires_at > $4`;

const NOTE_USE = `
update sessions set last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at <= $3)`;

interface Standing {
  readonly role: Role;
  readonly lastUsedAt: Date | null;
}

/**
 * Checks access tokens during their lifetime: the session may end, and the account may leave the workspace or change
 * its role. Cached for five seconds per session, so a revocation takes effect within that time.
 */
@Injectable()
export class SessionDirectory {
  private readonly log = new Logger('Sessions');
  private readonly standings = new ShortMemory<{ readonly role: Role | undefined }>(LIFETIME, MOST, () =>
    this.clock.now(),
  );

  constructor(
    private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The current role of the session's account in the workspace; undefined when the session or the membership has ended.
   */
  async roleOf(claims: SessionClaims): Promise<Role | undefined> {
    const place = `${claims.accountId}/${claims.tenantId}/${claims.sessionId}`;
    const standing = await this.standings.get(place, () => this.read(claims));
    return standing?.role;
  }

  /**
   * Drops an account's cached sessions. Call it after a session or membership has changed; other processes follow
   * within five seconds.
   */
  forget(accountId: string): void {
    afterCommit(() => this.standings.forget((place) => place.startsWith(accountId)));
  }

  // Ended sessions are also cached: their tokens are genuine, so there are few of them.
  private async read({ sessionId, accountId, tenantId }: SessionClaims): Promise<{ readonly role: Role | undefined }> {
    const [standing] = await this.db.inPlatform('check that a session is still valid', (tx) =>
      tx.query<Standing>(STANDING, [sessionId, accountId, tenantId, this.clock.now()]),
    );
    if (standing !== undefined) this.noteUse(sessionId, standing.lastUsedAt);
    return { role: standing?.role };
  }

  // At most once a minute, without delaying the request.
  private noteUse(sessionId: string, lastUsedAt: Date | null): void {
    const now = this.clock.now();
    const before = new Date(now.getTime() - NOTE_USE_EVERY);
    if (lastUsedAt !== null && lastUsedAt > before) return;
    this.db
      .inPlatform('record the use of a session', (tx) => tx.query(NOTE_USE, [sessionId, now, before]))
      .catch((error: unknown) => this.log.warn(`The use of a session could not be recorded: ${redact(String(error))}`));
  }
}
