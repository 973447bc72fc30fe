import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { type Clock, SECOND } from '#libs/kernel';
import { CLOCK, ShortMemory } from '#libs/runtime';
import type { StaffRole } from './permission.js';

const LIFETIME = 5 * SECOND;
const MOST = 1_000;

const STANDING = `
select a.role from staff_sessions s join staff_accounts a on a.id = s.staff_id
where s.id = $1 and s.staff_id = $2 and s.revoked_at is null and s.idle_until > $3 and a.disabled_at is null`;

/**
 * Checks staff sessions during their access tokens' lives. Cached for five seconds, so the end of a session takes
 * effect within that time.
 */
@Injectable()
export class StaffDirectory {
  private readonly standings = new ShortMemory<{ readonly role: StaffRole | undefined }>(LIFETIME, MOST, () =>
    this.clock.now(),
  );

  constructor(
    private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The current role of the session's account; undefined when the session has ended or the account is disabled. */
  async roleOf(staffId: string, sessionId: string): Promise<StaffRole | undefined> {
    const place = `${staffId}/${sessionId}`;
    const standing = await this.standings.get(place, () => this.read(staffId, sessionId));
    return standing?.role;
  }

  /** Drops a cached session or account. Call it after a change; other processes follow within five seconds. */
  forget(staffId: string): void {
    this.standings.forget((place) => place.startsWith(staffId));
  }

  private async read(staffId: string, sessionId: string) {
    const rows = await this.db.inPlatform('check that a staff session is still valid', (tx) =>
      tx.query<{ role: StaffRole }>(STANDING, [sessionId, staffId, this.clock.now()]),
    );
    return { role: rows[0]?.role };
  }
}
