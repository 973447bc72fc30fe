import { Inject, Injectable } from '@nestjs/common';
import { type Room, ROOMS, saidOnce, type Sql, type TenantTx } from '#libs/database';
import { type Problem, PROBLEMS } from './problem.js';

/** Finds what a creator has to know about a bot: each search begins in a partial index that holds nothing else. */
@Injectable()
export class ProblemReader {
  /** $1 the tenant, $2 the bot. */
  private readonly searches: Sql;

  /** @throws Error when the cards of the tables do not say every kind of problem once */
  constructor(@Inject(ROOMS) rooms: readonly Room[]) {
    const searches = saidOnce(PROBLEMS, rooms, (card) => ('problems' in card ? card.problems : undefined));
    this.searches = PROBLEMS.map(
      (kind) => `select '${kind}' as kind, f.* from (${searches[kind]}) as f (subject, count, since, error)`,
    ).join(' union all ');
  }

  /** Oldest first. What is wrong for the whole workspace is shown with each of its bots. */
  of(tx: TenantTx, botId: string): Promise<Problem[]> {
    return tx.query<Problem>(
      `select kind, subject, count, since, error from (${this.searches}) found order by since, kind, subject`,
      [tx.tenantId, botId],
    );
  }
}
