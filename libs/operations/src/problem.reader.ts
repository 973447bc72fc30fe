import { Inject, Injectable } from '@nestjs/common';
import { type Room, ROOMS, definedOnce, type Sql, type TenantTx } from '#libs/database';
import { type Problem, PROBLEMS } from './problem.js';

/**
 * Finds the problems of a bot that its creator has to know about. Each search starts from a partial index that contains
 * only such rows.
 */
@Injectable()
export class ProblemReader {
  /** $1 the tenant, $2 the bot. */
  private readonly searches: Sql;

  /** @throws Error unless the table cards define every kind of problem exactly once */
  constructor(@Inject(ROOMS) rooms: readonly Room[]) {
    const searches = definedOnce(PROBLEMS, rooms, (card) => ('problems' in card ? card.problems : undefined));
    this.searches = PROBLEMS.map(
      (kind) => `select '${kind}' as kind, f.* from (${searches[kind]}) as f (subject, count, since, error)`,
    ).join(' union all ');
  }

  /** Oldest first. Problems of the whole workspace are listed for each of its bots. */
  of(tx: TenantTx, botId: string): Promise<Problem[]> {
    return tx.query<Problem>(
      `select kind, subject, count, since, error from (${this.searches}) found order by since, kind, subject`,
      [tx.tenantId, botId],
    );
  }
}
