import { Inject, Injectable } from '@nestjs/common';
import { type Cursor, Database, seekOptions, type TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { type Clock, newUuid, NotFound } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import type { Language, OwnKey } from '#libs/texts';
import { BotDirectory } from './bot-directory.service.js';
import { BotNotInState } from './bot-refusals.js';
import { BotTextRow } from './bot-text.entity.js';
import { isKeptByTelegram, MAX_OWN_TEXTS, ownTextOf, TooManyTexts } from './bot-text.js';
import { BotStore } from './bot.store.js';
import { TenantStore } from '../workspace/tenant.store.js';

/** The identity of a text. */
export interface TextPlace {
  readonly botId: string;
  /** Null for the whole bot. */
  readonly productId: string | null;
  readonly language: Language;
  readonly key: OwnKey;
}

export interface TextFilter extends Cursor {
  readonly productId?: string | undefined;
  readonly language?: Language | undefined;
  readonly limit: number;
}

/**
 * Manages the texts of bots that their creators have reworded. Every method throws NotFound for another tenant's bot or
 * product.
 */
@Injectable()
export class BotTextService {
  constructor(
    private readonly db: Database,
    private readonly bots: BotStore,
    private readonly tenants: TenantStore,
    private readonly directory: BotDirectory,
    private readonly jobs: JobStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Newest first. */
  async list(
    tx: TenantTx,
    botId: string,
    { productId, language, limit, ...cursor }: TextFilter,
  ): Promise<BotTextRow[]> {
    await this.bots.get(tx, botId);
    const { where, order } = seekOptions(cursor);
    const filters = {
      ...(productId === undefined ? {} : { productId }),
      ...(language === undefined ? {} : { language }),
    };
    return tx.manager.find(BotTextRow, {
      where: { tenantId: tx.tenantId, botId, ...filters, ...where },
      order,
      take: limit,
    });
  }

  /** Sets a text. Idempotent. @throws InvalidText, TooManyTexts, NotFound, or BotNotInState when removed */
  put(tenantId: string, place: TextPlace, words: string): Promise<BotTextRow> {
    const text = ownTextOf(place.key, words, place.productId);
    return this.change(tenantId, place, async (tx) => {
      const { botId, productId, language, key } = place;
      if (productId !== null) await this.needProduct(tx, botId, productId);
      await this.needRoom(tx, place);
      await tx.query(
        `insert into bot_texts (tenant_id, id, bot_id, product_id, language, key, text, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict on constraint bot_texts_one do update set text = excluded.text, updated_at = excluded.updated_at`,
        [tx.tenantId, newUuid(), botId, productId, language, key, text, this.clock.now()],
      );
      return this.find(tx, place);
    });
  }

  /** Restores the default text. Idempotent. */
  async remove(tenantId: string, place: TextPlace): Promise<void> {
    await this.change(tenantId, place, (tx) =>
      tx.query(
        `delete from bot_texts where tenant_id = $1 and bot_id = $2 and product_id is not distinct from $3
         and language = $4 and key = $5`,
        [tx.tenantId, place.botId, place.productId, place.language, place.key],
      ),
    );
  }

  private async change<T>(tenantId: string, { botId, key }: TextPlace, work: (tx: TenantTx) => Promise<T>): Promise<T> {
    const done = await this.db.inTenant(tenantId, async (tx) => {
      await this.tenants.require(tx, 'configure');
      const bot = await this.bots.lock(tx, botId);
      if (bot.state === 'removed') throw new BotNotInState(bot.state);
      const result = await work(tx);
      if (isKeptByTelegram(key)) await this.jobs.enqueue(tx, [{ kind: 'bot.menu', subject: botId }]);
      return result;
    });
    this.directory.forget(botId);
    return done;
  }

  private async find(tx: TenantTx, { botId, productId, language, key }: TextPlace): Promise<BotTextRow> {
    const rows = await tx.query<BotTextRow>(
      `select tenant_id as "tenantId", id, bot_id as "botId", product_id as "productId", language, key, text, updated_at as "updatedAt"
       from bot_texts where tenant_id = $1 and bot_id = $2 and product_id is not distinct from $3 and language = $4 and key = $5`,
      [tx.tenantId, botId, productId, language, key],
    );
    const [row] = rows;
    if (row === undefined) throw new NotFound('text');
    return row;
  }

  private async needProduct(tx: TenantTx, botId: string, productId: string): Promise<void> {
    const found = await tx.query('select 1 from products where tenant_id = $1 and bot_id = $2 and id = $3', [
      tx.tenantId,
      botId,
      productId,
    ]);
    if (found.length === 0) throw new NotFound('product');
  }

  // The bot is locked, so no other text is added meanwhile.
  private async needRoom(tx: TenantTx, { botId, productId, language, key }: TextPlace): Promise<void> {
    const rows = await tx.query<{ others: number }>(
      `select count(*)::int as others from bot_texts
       where tenant_id = $1 and bot_id = $2 and (product_id, language, key) is distinct from ($3::uuid, $4::text, $5::text)`,
      [tx.tenantId, botId, productId, language, key],
    );
    if ((rows[0]?.others ?? 0) >= MAX_OWN_TEXTS) throw new TooManyTexts();
  }
}
