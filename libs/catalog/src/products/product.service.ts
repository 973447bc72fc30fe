import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { columnsOf, type Cursor, seekOptions, type TenantTx } from '#libs/database';
import { EventStore, previousOf } from '#libs/journal';
import { NotFound, newUuid } from '#libs/kernel';
import { Quotas } from '#libs/quotas';
import {
  assertStockIsTheirs,
  PRODUCT_MOVES,
  type ProductInput,
  type ProductState,
  productOf,
  assertPeriod,
} from './product.js';
import { ChatNotReady } from './product-chat.js';
import { needMedia, needPhoto } from './paid-media.rows.js';
import { PriceVersionRow, ProductRow } from './product.entity.js';
import { productEventView } from './product-view.js';
import { shownProducts } from './shown-products.js';
import { type Product, saveTerms, withTerms } from './terms.rows.js';

export interface NewProduct extends ProductInput {
  readonly botId: string;
  /** `active` if omitted. */
  readonly state?: 'draft' | 'active' | undefined;
}

type Fixed =
  | 'kind'
  | 'chatId'
  | 'creditUnit'
  | 'creditAmount'
  | 'creditDays'
  | 'fulfilmentDeadlineSeconds'
  | 'refundAtDeadline';

/**
 * Omitted fields do not change. `metadata` is replaced as a whole. Bot, kind, chat, pack of credits and deadline are
 * immutable, because invoices show them.
 */
export type ProductChange = { readonly [K in keyof Omit<ProductInput, Fixed>]?: ProductInput[K] | undefined };

export interface ProductFilter extends Cursor {
  readonly botId?: string | undefined;
  readonly state?: ProductState | undefined;
  readonly limit: number;
}

export interface ShopPage {
  readonly limit: number;
  /** Number of products to skip; default 0. */
  readonly offset?: number | undefined;
  /** Only products of this category. */
  readonly tag?: string | undefined;
  readonly now: Date;
}

/** `uncounted`: the product has unlimited stock. */
export type StockTaken = 'taken' | 'uncounted' | 'sold_out';

/** The products of a tenant's bots. Every change except a sale's change of stock records an event. */
@Injectable()
export class ProductService {
  constructor(
    private readonly events: EventStore,
    private readonly quotas: Quotas,
  ) {}

  /**
   * Saves a product with its first price.
   * @throws InvalidProduct, QuotaExhausted; NotFound when bot, file or chat are not the tenant's; ChatNotReady unless
   * it is a draft
   */
  async create(tx: TenantTx, input: NewProduct): Promise<Product> {
    assertStockIsTheirs(input.kind, input.stock);
    const { terms, ...facts } = productOf(input);
    const environment = await needBot(tx, input.botId);
    assertPeriod(terms.subscription?.periodSeconds, environment);
    if (facts.fileId !== null) await needFile(tx, facts.fileId);
    await needMedia(tx, terms.paid_media);
    const chat = facts.chatId === null ? undefined : await lockChat(tx, input.botId, facts.chatId);
    const [chatId, chatReady] = [chat?.id ?? null, chat?.ready ?? true];
    await needPhoto(tx, facts.photoFileId);
    await this.quotas.require(tx, 'products');
    const [id, key] = [newUuid(), { tenantId: tx.tenantId }];
    const { botId, state = 'active' } = input;
    if (state === 'active' && !chatReady) throw new ChatNotReady();
    await tx.manager.insert(ProductRow, { ...key, ...facts, chatId, chatReady, id, botId, state, priceVersion: 1 });
    await tx.manager.insert(PriceVersionRow, { ...key, productId: id, version: 1, stars: facts.stars });
    await saveTerms(tx, { ...facts, id }, terms);
    const made = await this.get(tx, id);
    await this.events.record(tx, { type: 'product.created', botId, data: productEventView(made) });
    return made;
  }

  /** @throws NotFound */
  async get(tx: TenantTx, id: string): Promise<Product> {
    const row = await this.forSale(tx, id);
    if (row === undefined) throw new NotFound('product');
    return row;
  }

  /** The current product in any state, without a lock. `sellable` decides whether it may be sold. */
  async forSale(tx: TenantTx, id: string): Promise<Product | undefined> {
    return (await this.find(tx, [id]))[0];
  }

  /** Returns those of these products that exist, unordered. */
  async find(tx: TenantTx, ids: readonly string[]): Promise<Product[]> {
    const columns = columnsOf(ProductRow, 'p');
    const query = `select ${columns} from products p where p.tenant_id = $1 and p.id = any($2::uuid[])`;
    return withTerms(tx, await tx.query<ProductRow>(query, [tx.tenantId, ids]));
  }

  /** Newest first. */
  async list(tx: TenantTx, { botId, state, limit, ...cursor }: ProductFilter): Promise<Product[]> {
    const { where, order } = seekOptions(cursor);
    const rows = await tx.manager.find(ProductRow, {
      where: {
        tenantId: tx.tenantId,
        ...(botId === undefined ? {} : { botId }),
        ...(state === undefined ? {} : { state }),
        ...where,
      },
      order,
      take: limit,
    });
    return withTerms(tx, rows);
  }

  /**
   * Returns products that buyers see: active, not hidden and within their window, by position, then oldest first.
   * Includes sold out products.
   */
  async listForShop(tx: TenantTx, botId: string, { limit, offset = 0, tag, now }: ShopPage): Promise<ProductRow[]> {
    const shown = shownProducts(tx, botId, now).limit(limit).offset(offset);
    if (tag !== undefined) shown.andWhere(':tag = any (p.tags)', { tag });
    return shown.getMany();
  }

  /** Returns the categories of the products that buyers see, largest first, at most twelve. */
  async tagsInShop(tx: TenantTx, botId: string, now: Date): Promise<string[]> {
    const rows = await tx.query<{ tag: string }>(
      `select tag from products p cross join unnest(p.tags) tag
       where p.tenant_id = $1 and p.bot_id = $2 and p.state = 'active' and not p.hidden
         and (p.sale_starts_at is null or p.sale_starts_at <= $3) and (p.sale_ends_at is null or p.sale_ends_at > $3)
       group by tag order by count(*) desc, tag limit 12`,
      [tx.tenantId, botId, now],
    );
    return rows.map(({ tag }) => tag);
  }

  /** Records that a buyer has viewed a product. Counts once a day. */
  async recordView(tx: TenantTx, productId: string, buyerId: number, source: string | undefined, now: Date) {
    await tx.query(
      `insert into product_views (tenant_id, product_id, day, buyer_id, source)
       values ($1, $2, ($3::timestamptz at time zone 'UTC')::date, $4, $5) on conflict do nothing`,
      [tx.tenantId, productId, now, buyerId, source ?? ''],
    );
  }

  /**
   * Changes the given fields. A new price creates a new version; existing orders keep their version. Concurrent changes
   * are serialised.
   * @throws InvalidProduct when the resulting product is invalid; NotFound
   */
  async update(tx: TenantTx, id: string, change: ProductChange): Promise<Product> {
    const row = await lock(tx, id);
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    if (given.length === 0) return row;
    assertStockIsTheirs(row.kind, change.stock);
    const before = { ...row, terms: undefined };
    const { terms, ...facts } = productOf({ ...before, ...Object.fromEntries(given) }, row.terms);
    if (facts.fileId !== null && facts.fileId !== row.fileId) await needFile(tx, facts.fileId);
    if (change.terms !== undefined) await needMedia(tx, terms.paid_media);
    if (facts.photoFileId !== row.photoFileId) await needPhoto(tx, facts.photoFileId);
    const priceVersion = facts.stars === row.stars ? row.priceVersion : row.priceVersion + 1;
    const key = { tenantId: tx.tenantId };
    await tx.manager.update(ProductRow, { ...key, id }, { ...facts, priceVersion, updatedAt: () => 'now()' });
    if (change.terms !== undefined) await saveTerms(tx, row, terms);
    if (priceVersion !== row.priceVersion) {
      await tx.manager.insert(PriceVersionRow, { ...key, productId: id, version: priceVersion, stars: facts.stars });
    }
    return this.changed(tx, row, 'product.updated');
  }

  /** Ends sales of the product. Idempotent. @throws NotFound */
  archive(tx: TenantTx, id: string): Promise<Product> {
    return this.move(tx, id, 'archived');
  }

  /**
   * Puts a draft or an archived product on sale. Idempotent.
   * @throws NotFound, ChatNotReady; QuotaExhausted for an archived product
   */
  activate(tx: TenantTx, id: string): Promise<Product> {
    return this.move(tx, id, 'active');
  }

  /** All prices of the product, latest first. @param before only versions below this one. @throws NotFound */
  async prices(tx: TenantTx, id: string, limit: number, before?: number): Promise<PriceVersionRow[]> {
    await this.get(tx, id);
    return tx.manager.find(PriceVersionRow, {
      where: { tenantId: tx.tenantId, productId: id, ...(before === undefined ? {} : { version: LessThan(before) }) },
      order: { version: 'DESC' },
      take: limit,
    });
  }

  /**
   * Takes one unit, if there is one. Of several concurrent callers exactly one gets the last unit.
   * @returns `taken`, or the reason why nothing was written; only a taken unit may be put back
   */
  async takeStock(tx: TenantTx, productId: string): Promise<StockTaken> {
    const rows = await tx.query<{ outcome: StockTaken }>(
      `with taken as (
         update products set stock = stock - 1 where tenant_id = $1 and id = $2 and stock > 0 returning 1
       )
       select case when exists (select from taken) then 'taken'
                   when exists (select from products where tenant_id = $1 and id = $2 and stock is null) then 'uncounted'
                   else 'sold_out' end as outcome`,
      [tx.tenantId, productId],
    );
    return rows[0]?.outcome ?? 'sold_out';
  }

  /** Puts units back into stock. The caller must put back each taken unit only once; ignored if stock is unlimited. */
  async returnStock(tx: TenantTx, productId: string, units = 1): Promise<void> {
    await tx.query('update products set stock = stock + $3 where tenant_id = $1 and id = $2 and stock is not null', [
      tx.tenantId,
      productId,
      units,
    ]);
  }

  /**
   * Changes the stock of a product whose pool counts it. @throws NotFound @returns undefined when there are too few
   * units
   */
  async changeStock(tx: TenantTx, id: string, by: number): Promise<Product | undefined> {
    const row = await lock(tx, id);
    const stock = (row.stock ?? 0) + by;
    if (stock < 0) return undefined;
    await tx.manager.update(ProductRow, { tenantId: tx.tenantId, id }, { stock, updatedAt: () => 'now()' });
    return this.changed(tx, row, 'product.updated');
  }

  private async move(tx: TenantTx, id: string, to: 'active' | 'archived'): Promise<Product> {
    const row = await lock(tx, id);
    if (!PRODUCT_MOVES[row.state].includes(to)) return row;
    if (to === 'active' && !row.chatReady) throw new ChatNotReady();
    if (row.state === 'archived') await this.quotas.require(tx, 'products');
    await tx.manager.update(ProductRow, { tenantId: tx.tenantId, id }, { state: to, updatedAt: () => 'now()' });
    return this.changed(tx, row, to === 'archived' ? 'product.archived' : 'product.updated');
  }

  private async changed(tx: TenantTx, before: Product, type: 'product.updated' | 'product.archived'): Promise<Product> {
    const after = await this.get(tx, before.id);
    const data = productEventView(after);
    const previous = previousOf(productEventView(before), data);
    await this.events.record(tx, { type, botId: after.botId, data, previous });
    return after;
  }
}

/** NO KEY UPDATE: sales can still insert rows that refer to the product. */
async function lock(tx: TenantTx, id: string): Promise<Product> {
  const row = await tx.manager.findOne(ProductRow, {
    where: { tenantId: tx.tenantId, id },
    lock: { mode: 'for_no_key_update' },
  });
  const [product] = row === null ? [] : await withTerms(tx, [row]);
  if (product === undefined) throw new NotFound('product');
  return product;
}

/** @returns the bot's environment at Telegram @throws NotFound */
async function needBot(tx: TenantTx, botId: string): Promise<'production' | 'test'> {
  const [bot] = await tx.query<{ environment: 'production' | 'test' }>(
    `select environment from bots where tenant_id = $1 and id = $2 and state not in ('removing', 'removed')`,
    [tx.tenantId, botId],
  );
  if (bot === undefined) throw new NotFound('bot');
  return bot.environment;
}

/**
 * Locks the chat, so that its readiness cannot change before the product is saved. Returns the other chat for a merged
 * one.
 * @throws NotFound unless it is this bot's
 */
async function lockChat(tx: TenantTx, botId: string, chatId: string): Promise<{ id: string; ready: boolean }> {
  const [chat] = await tx.query<{ id: string; ready: boolean; mergedInto: string | null }>(
    `select id, lacking_since is null as ready, merged_into as "mergedInto" from chats
     where tenant_id = $1 and bot_id = $2 and id = $3 for share`,
    [tx.tenantId, botId, chatId],
  );
  if (chat === undefined) throw new NotFound('chat');
  return chat.mergedInto === null ? chat : lockChat(tx, botId, chat.mergedInto);
}

async function needFile(tx: TenantTx, fileId: string): Promise<void> {
  const found = await tx.query('select 1 from files where tenant_id = $1 and id = $2', [tx.tenantId, fileId]);
  if (found.length === 0) throw new NotFound('file');
}
