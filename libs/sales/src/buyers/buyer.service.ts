import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';

/** A person as Telegram describes them (Bot API, User). */
export interface Person {
  readonly id: number;
  readonly first_name: string;
  readonly last_name?: string | undefined;
  readonly username?: string | undefined;
  readonly language_code?: string | undefined;
}

@Injectable()
export class BuyerService {
  /**
   * Records a person who writes to a bot, and therefore can be reached.
   * @returns true if the bot could not reach them before
   */
  async remember(tx: TenantTx, botId: string, person: Person): Promise<boolean> {
    const rows = await tx.query<{ cameBack: boolean }>(
      `with former as (
         select reachable from buyers where tenant_id = $1 and bot_id = $2 and telegram_id = $3
       )
       insert into buyers as b (tenant_id, bot_id, telegram_id, first_name, last_name, username, language_code)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (tenant_id, bot_id, telegram_id) do update
         set first_name = excluded.first_name, last_name = excluded.last_name, username = excluded.username,
             language_code = excluded.language_code, reachable = true, updated_at = now()
         where (b.first_name, b.last_name, b.username, b.language_code, b.reachable)
           is distinct from (excluded.first_name, excluded.last_name, excluded.username, excluded.language_code, true)
       returning coalesce((select not reachable from former), false) as "cameBack"`,
      columnsOf(tx, botId, person),
    );
    return rows[0]?.cameBack ?? false;
  }

  /**
   * Records a payer who has not written to the bot. A known buyer does not change, because they may have blocked the
   * bot.
   */
  async introduce(tx: TenantTx, botId: string, person: Partial<Person> & Pick<Person, 'id'>): Promise<void> {
    await tx.query(
      `insert into buyers (tenant_id, bot_id, telegram_id, first_name, last_name, username, language_code)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant_id, bot_id, telegram_id) do nothing`,
      columnsOf(tx, botId, person),
    );
  }

  /** Records that the buyer has blocked the bot or deleted their account. Their purchases are kept. */
  async markUnreachable(tx: TenantTx, botId: string, telegramId: number): Promise<void> {
    await tx.query(
      `update buyers set reachable = false, updated_at = now()
       where tenant_id = $1 and bot_id = $2 and telegram_id = $3 and reachable`,
      [tx.tenantId, botId, telegramId],
    );
  }
}

const columnsOf = (tx: TenantTx, botId: string, person: Partial<Person> & Pick<Person, 'id'>) => [
  tx.tenantId,
  botId,
  person.id,
  person.first_name ?? null,
  person.last_name ?? null,
  person.username ?? null,
  person.language_code ?? null,
];
