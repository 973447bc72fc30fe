import { Injectable } from '@nestjs/common';
import { likeLiteral, type TenantTx } from '#libs/database';
import { isPersonal, PRODUCT_KINDS } from '../kinds/kinds.js';
import { shownProducts } from './shown-products.js';
import { type Product, withTerms } from './terms.rows.js';

/** Maximum number of words of a query that are used; the others are ignored. */
const MOST_WORDS = 8;

const FOR_MANY = PRODUCT_KINDS.filter((kind) => !isPersonal(kind));

const NEEDS_NO_WORDS = `not exists (
  select from paid_commands k where k.tenant_id = p.tenant_id and k.product_id = p.id and k.needs_arguments)`;

export interface Search {
  /** The typed query: every word must occur in title, description or categories. Empty for everything. */
  readonly typed: string;
  readonly limit: number;
  /** Products to skip. */
  readonly offset: number;
  readonly now: Date;
}

/** Searches products by text. */
@Injectable()
export class ProductSearch {
  /**
   * Returns products that anyone can buy now: those shown in the shop, except sold out ones, those with individual
   * payments, and those that cost no Stars or need a text from the buyer.
   */
  async forEverybody(tx: TenantTx, botId: string, { typed, limit, offset, now }: Search): Promise<Product[]> {
    const found = shownProducts(tx, botId, now)
      .andWhere('(p.stock is null or p.stock > 0)')
      .andWhere('p.kind = any (:kinds) and p.stars > 0', { kinds: FOR_MANY })
      .andWhere(NEEDS_NO_WORDS)
      .limit(limit)
      .offset(offset);
    const words = typed.split(/\s+/).filter((word) => word !== '');
    words.slice(0, MOST_WORDS).forEach((word, n) => {
      const text = `p.title || ' ' || p.description || ' ' || array_to_string(p.tags, ' ')`;
      found.andWhere(`(${text}) ilike :word${n}`, { [`word${n}`]: `%${likeLiteral(word)}%` });
    });
    return withTerms(tx, await found.getMany());
  }
}
