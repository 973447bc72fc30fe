import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { forgetViews } from '#libs/catalog';
import { Database, type PlatformTx } from '#libs/database';
import { type Clock, DAY, HOUR } from '#libs/kernel';
import { forgetMails } from '#libs/mail';
import { Rounds } from '#libs/process';
import { CLOCK } from '#libs/runtime';
import { forgetStaffTokens } from '#libs/staff';
import { forgetLinks, forgetSessions } from '#libs/tenants';
import { untilShort } from './until-short.js';

const EVERY_MS = HOUR;
const ROWS_PER_BATCH = 1_000;

type Forget = (tx: PlatformTx, before: Date, limit: number) => Promise<number>;

/** Rows that belong to no sale: their retention in milliseconds, and the function that deletes them. */
const KEPT: readonly { readonly what: string; readonly ms: number; readonly forget: Forget }[] = [
  { what: 'sessions that have ended', ms: 30 * DAY, forget: forgetSessions },
  { what: 'staff sessions that have ended', ms: 30 * DAY, forget: forgetStaffTokens },
  { what: 'mails', ms: 30 * DAY, forget: forgetMails },
  { what: 'links in emails', ms: 30 * DAY, forget: forgetLinks },
  // A little more than the longest period of a statement (MAX_PERIOD_DAYS).
  { what: 'views of products', ms: 400 * DAY, forget: forgetViews },
];

/** Deletes rows that grow with use and are no longer needed, batch by batch. */
@Injectable()
export class RetentionSweeper implements OnApplicationBootstrap {
  constructor(
    private readonly db: Database,
    private readonly rounds: Rounds,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    for (const kept of KEPT)
      this.rounds.every(EVERY_MS, `retention of ${kept.what}`, (stop) => this.forgetAll(kept, stop));
  }

  /** Deletes expired rows. Any number of processes may do so concurrently. @returns the number of rows deleted */
  async forget(stop?: AbortSignal): Promise<number> {
    let total = 0;
    for (const kept of KEPT) total += await this.forgetAll(kept, stop);
    return total;
  }

  private forgetAll({ what, ms, forget }: (typeof KEPT)[number], stop?: AbortSignal): Promise<number> {
    const before = new Date(this.clock.now().getTime() - ms);
    return untilShort(ROWS_PER_BATCH, stop, () =>
      this.db.inPlatform(`delete ${what}`, (tx) => forget(tx, before, ROWS_PER_BATCH)),
    );
  }
}
