import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { PaidCommandRow } from './paid-command.entity.js';
import { ProductRow } from './product.entity.js';
import { shownProducts } from './shown-products.js';
import { type Product, withTerms } from './terms.rows.js';

/** A paid command for the menu. */
export interface ListedCommand {
  readonly command: string;
  readonly productId: string;
  readonly title: string;
}

/** Telegram accepts 100 commands (Bot API, setMyCommands), including the bot's built-in ones. */
const MAX_LISTED = 80;

/** Reads a bot's paid commands, and the packs of credits that pay for them. */
@Injectable()
export class PaidCommandReader {
  /**
   * The bot's product with this command, even if it is outside its window or sold out; undefined when none is active.
   */
  async find(tx: TenantTx, botId: string, command: string): Promise<Product | undefined> {
    const row = await tx.manager
      .createQueryBuilder(ProductRow, 'p')
      .innerJoin(PaidCommandRow, 'c', 'c.tenant_id = p.tenant_id and c.product_id = p.id')
      .where(`c.tenant_id = :tenantId and c.bot_id = :botId and c.command = :command and p.state = 'active'`, {
        tenantId: tx.tenantId,
        botId,
        command,
      })
      .getOne();
    return row === null ? undefined : (await withTerms(tx, [row]))[0];
  }

  /** Visible commands in the order of the shop, as many as the menu has room for. */
  list(tx: TenantTx, botId: string): Promise<ListedCommand[]> {
    return tx.query<ListedCommand>(
      `select c.command, p.id as "productId", p.title from paid_commands c
       join products p on p.tenant_id = c.tenant_id and p.id = c.product_id and p.state = 'active' and not p.hidden
       where c.tenant_id = $1 and c.bot_id = $2 order by p.position, p.id limit ${MAX_LISTED}`,
      [tx.tenantId, botId],
    );
  }

  /** Returns the packs of these credits that the bot sells now, in the order of the shop. */
  packs(tx: TenantTx, botId: string, unit: string, limit: number, now: Date): Promise<ProductRow[]> {
    return shownProducts(tx, botId, now)
      .andWhere(`p.kind = 'credits' and p.credit_unit = :unit and (p.stock is null or p.stock > 0)`, { unit })
      .limit(limit)
      .getMany();
  }
}
