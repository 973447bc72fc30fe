import { Injectable } from '@nestjs/common';
import { columnsOf, type Cursor, type TenantTx } from '#libs/database';
import { EventStore, previousOf } from '#libs/journal';
import { NotFound } from '#libs/kernel';
import { ProductRow } from './product.entity.js';
import { ProductService } from './product.service.js';
import { productEventView } from './product-view.js';
import { isBetween, NotInShop, type Place, positionBetween, spacingOf } from './shop-order.js';
import { type Product, withTerms } from './terms.rows.js';

/** The order in which a bot's shop shows its products. */
@Injectable()
export class ShopOrder {
  constructor(
    private readonly products: ProductService,
    private readonly events: EventStore,
  ) {}

  /**
   * Lists products on sale, including hidden ones, in the order of the shop; with `before`, in reverse order.
   * @throws NotFound for a bot or a cursor that is not in the shop
   */
  async list(tx: TenantTx, botId: string, limit: number, { after, before }: Cursor = {}): Promise<Product[]> {
    const bots = await tx.query('select from bots where tenant_id = $1 and id = $2', [tx.tenantId, botId]);
    if (bots.length === 0) throw new NotFound('bot');
    const cursor = before ?? after;
    const from = cursor === undefined ? undefined : await placeOf(tx, botId, cursor);
    if (cursor !== undefined && from === undefined) throw new NotFound('product');
    const [side, direction] = before === undefined ? ['>', 'asc'] : ['<', 'desc'];
    const rows = await tx.query<ProductRow>(
      `select ${columnsOf(ProductRow, 'p')} from products p
       where p.tenant_id = $1 and p.bot_id = $2 and p.state = 'active'
         and ($3::uuid is null or (p."position", p.id) ${side} ($4::int, $3::uuid))
       order by p."position" ${direction}, p.id ${direction} limit $5`,
      [tx.tenantId, botId, from?.id ?? null, from?.position ?? null, limit],
    );
    return withTerms(tx, rows);
  }

  /**
   * Places a product directly after another product of its bot. Concurrent moves in a shop are serialised. Records an
   * event for this product only, even if others get new positions. Idempotent.
   * @param after null: before all others @throws NotFound, NotInShop
   */
  async place(tx: TenantTx, id: string, after: string | null): Promise<Product> {
    const { botId } = await this.products.get(tx, id);
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('shop order ' || $1, 0))`, [botId]);
    const before = await this.products.get(tx, id);
    const front = after === null ? undefined : await placeOf(tx, botId, after);
    if (before.state !== 'active' || after === id || (after !== null && front === undefined)) throw new NotInShop();
    const next = await behind(tx, botId, id, front);
    if (isBetween(before, front, next)) return before;
    const position = positionBetween(id, front, next);
    if (position === undefined) await renumber(tx, botId, id, after);
    else await setPosition(tx, id, position);
    const now = await this.products.get(tx, id);
    const data = productEventView(now);
    const previous = previousOf(productEventView(before), data);
    await this.events.record(tx, { type: 'product.updated', botId, data, previous });
    return now;
  }
}

/** @returns undefined unless it is on sale at this bot */
async function placeOf(tx: TenantTx, botId: string, id: string): Promise<Place | undefined> {
  const [place] = await tx.query<Place>(
    `select id, "position" from products where tenant_id = $1 and bot_id = $2 and id = $3 and state = 'active'`,
    [tx.tenantId, botId, id],
  );
  return place;
}

/** Returns the product after a place, ignoring the one that moves. @param front undefined: the first of the shop */
async function behind(tx: TenantTx, botId: string, moving: string, front: Place | undefined) {
  const [place] = await tx.query<Place>(
    `select id, "position" from products
     where tenant_id = $1 and bot_id = $2 and state = 'active' and id <> $3
       and ($4::uuid is null or ("position", id) > ($5::int, $4::uuid))
     order by "position", id limit 1`,
    [tx.tenantId, botId, moving, front?.id ?? null, front?.position ?? null],
  );
  return place;
}

const setPosition = (tx: TenantTx, id: string, position: number) =>
  tx.manager.update(ProductRow, { tenantId: tx.tenantId, id }, { position, updatedAt: () => 'now()' });

/** Renumbers all products on sale, with the moving one after `after`. */
async function renumber(tx: TenantTx, botId: string, moving: string, after: string | null): Promise<void> {
  const rows = await tx.query<{ id: string }>(
    `select id from products where tenant_id = $1 and bot_id = $2 and state = 'active' and id <> $3
     order by "position", id`,
    [tx.tenantId, botId, moving],
  );
  const order = rows.map(({ id }) => id);
  order.splice(after === null ? 0 : order.indexOf(after) + 1, 0, moving);
  const spacing = spacingOf(order.length);
  await tx.query(
    `update products p set "position" = (wanted.place - $3) * $4, updated_at = now()
     from unnest($2::uuid[]) with ordinality wanted (id, place)
     where p.tenant_id = $1 and p.id = wanted.id and p."position" <> (wanted.place - $3) * $4`,
    [tx.tenantId, order, order.length, spacing],
  );
}
