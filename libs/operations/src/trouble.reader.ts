import { Inject, Injectable } from '@nestjs/common';
import { type PlatformTx, type Room, ROOMS, definedOnce, type Sql } from '#libs/database';
import { type Trouble, TROUBLE_RULES, type TroubleKind, TROUBLES } from './trouble.js';

export interface TroubleFilter {
  readonly tenantId?: string | undefined;
  readonly limit: number;
}

/** Maximum count: a larger number would not help staff. */
const MOST_COUNTED = 1_000;

/**
 * Finds stuck work in all workspaces, oldest first. Each search starts from a partial index that contains only such
 * rows.
 */
@Injectable()
export class TroubleReader {
  /** $1: work that began before this time is stuck. */
  private readonly searches: Readonly<Record<TroubleKind, Sql>>;

  /** @throws Error unless the table cards define every kind of trouble exactly once */
  constructor(@Inject(ROOMS) rooms: readonly Room[]) {
    this.searches = definedOnce(TROUBLES, rooms, ({ stuck }) => stuck);
  }

  /** @returns one more than `limit` when there are more */
  list(tx: PlatformTx, kind: TroubleKind, { tenantId, limit }: TroubleFilter, now: Date): Promise<Trouble[]> {
    return tx.query<Trouble>(
      `select * from (${this.searches[kind]}) found where $2::uuid is null or "tenantId" = $2
       order by since, "tenantId", subject limit $3`,
      [sinceOf(kind, now), tenantId ?? null, limit + 1],
    );
  }

  /**
   * The number of each kind, at most {@link MOST_COUNTED}, and the time of the oldest.
   * @param tenantId only of this workspace
   */
  async counts(
    tx: PlatformTx,
    now: Date,
    tenantId?: string,
  ): Promise<Array<{ kind: TroubleKind; count: number; oldest: Date | null }>> {
    // Pipelined: the statements are sent without waiting for each other's results.
    return Promise.all(
      TROUBLES.map(async (kind) => {
        const [row] = await tx.query<{ count: number; oldest: Date | null }>(
          `select count(*)::int as count, min(since) as oldest
           from (select since from (${this.searches[kind]}) found
                 where $2::uuid is null or "tenantId" = $2 limit ${MOST_COUNTED}) counted`,
          [sinceOf(kind, now), tenantId ?? null],
        );
        return { kind, count: row?.count ?? 0, oldest: row?.oldest ?? null };
      }),
    );
  }
}

const sinceOf = (kind: TroubleKind, now: Date) => new Date(now.getTime() - TROUBLE_RULES[kind].after);
