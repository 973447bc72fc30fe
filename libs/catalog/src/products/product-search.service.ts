import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { isPersonal, PRODUCT_KINDS } from '../kinds/kinds.js';
import { shownProducts } from './shown-products.js';
import { type Product, withTerms } from './terms.rows.js';

/** Words of a query that are looked at; who types more has found it. */
const MOST_WORDS = 8;

const FOR_MANY = PRODUCT_KINDS.filter((kind) => !isPersonal(kind));

const NEEDS_NO_WORDS = `not exists (
  select from paid_commands k where k.tenant_id = p.tenant_id and k.product_id = p.id and k.needs_arguments)`;

export interface Search {
  /** What a person typed: every word must stand in title, description or categories. Empty for everything. */
  readonly typed: string;
  readonly limit: number;
  /** Products to skip. */
  readonly offset: number;
  readonly now: Date;
}

/** Finding what is sold, where somebody types instead of pressing buttons. */
@Injectable()
export class ProductSearch {
  /** What anybody may pay at this moment: of what the shop shows, without what is sold out, what each buyer pays in a way of their own, and what costs no Stars or takes a buyer's words. */
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
      found.andWhere(`(${text}) ilike :word${n}`, { [`word${n}`]: `%${word.replaceAll(/[\\%_]/g, '\\$&')}%` });
    });
    return withTerms(tx, await found.getMany());
  }
}
