import { Injectable } from '@nestjs/common';
import { type Cursor, Database } from '#libs/database';
import type { TenantState } from '#libs/tenants';
import { beginsWith, readTenantQuery, type TenantQuery } from './tenant-search.js';

export interface TenantLine {
  readonly id: string;
  readonly name: string;
  readonly state: TenantState;
  readonly createdAt: Date;
  readonly bots: number;
}

export interface TenantFilter {
  readonly query: string | undefined;
  readonly state: TenantState | undefined;
  /** True when a Telegram id also finds the workspaces in which that person is a buyer. */
  readonly buyers: boolean;
  readonly limit: number;
}

/** One statement for each kind of search, each using an index. $5 is the search value. */
const FOUND_BY: Readonly<Record<TenantQuery['by'], string>> = {
  tenant: 'select $5::uuid',
  bot: 'select tenant_id from bots where id = $5::uuid',
  order: 'select tenant_id from orders where id = $5::uuid',
  charge_id: 'select tenant_id from charges where id = $5::uuid',
  charge: 'select tenant_id from charges where telegram_charge_id = $5::text',
  email: 'select m.tenant_id from accounts a join memberships m on m.account_id = a.id where a.email = $5::text',
  username: 'select tenant_id from bots where lower(username) like $5::text',
  name: 'select id from tenants where lower(name) like $5::text',
  telegram: 'select tenant_id from bots where telegram_id = $5::bigint',
};
const OR_BOUGHT_THERE = 'union select tenant_id from buyers where telegram_id = $5::bigint';

/** Lists the platform's workspaces, newest first. */
@Injectable()
export class TenantList {
  constructor(private readonly db: Database) {}

  /** @returns one more than `limit` when there are more */
  list({ query, state, buyers, limit }: TenantFilter, { after, before }: Cursor): Promise<TenantLine[]> {
    const asked = query === undefined ? undefined : readTenantQuery(query);
    const found = asked === undefined ? '' : `and t.id in (${placesOf(asked.by, buyers)})`;
    return this.db.inPlatform('staff look for a workspace', (tx) =>
      tx.query<TenantLine>(
        `select t.id, t.name, t.state, t.created_at as "createdAt",
           (select count(*)::int from bots b where b.tenant_id = t.id and b.state <> 'removed') as bots
         from tenants t
         where ($1::text is null or t.state = $1) and ($2::uuid is null or t.id < $2) and ($3::uuid is null or t.id > $3) ${found}
         order by t.id ${before === undefined ? 'desc' : 'asc'} limit $4`,
        [state ?? null, after ?? null, before ?? null, limit + 1, ...(asked === undefined ? [] : [valueOf(asked)])],
      ),
    );
  }
}

const placesOf = (by: TenantQuery['by'], buyers: boolean) =>
  by === 'telegram' && buyers ? `${FOUND_BY.telegram} ${OR_BOUGHT_THERE}` : FOUND_BY[by];

const valueOf = (asked: TenantQuery): unknown =>
  'id' in asked
    ? String(asked.id)
    : asked.by === 'name' || asked.by === 'username'
      ? beginsWith(asked.text)
      : asked.text;
