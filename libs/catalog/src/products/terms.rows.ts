import { type EntityTarget, In, type ObjectLiteral } from 'typeorm';
import type { TenantTx } from '#libs/database';
import { ChatAccessTermsRow } from './chat-access-terms.entity.js';
import { hasTerms, type ProductTerms, TERMS_KINDS, type TermsByKind, type TermsKind } from '../kinds/kinds.js';
import { LicencePoolRow } from './licence-pool.entity.js';
import { loadCommands, saveCommand } from './paid-command.rows.js';
import { loadMedia, saveMedia } from './paid-media.rows.js';
import type { ProductRow } from './product.entity.js';
import { SubscriptionPlanRow } from './subscription-plan.entity.js';

/** A product with its terms. */
export type Product = ProductRow & { readonly terms: ProductTerms };

type TermsRow<K extends TermsKind> = { tenantId: string; productId: string } & {
  -readonly [P in keyof TermsByKind[K]]: TermsByKind[K][P];
};

/** The storage of a kind's terms. */
interface TermsTable<Terms> {
  /** One query for any number of products of the kind. */
  readonly load: (tx: TenantTx, productIds: readonly string[]) => Promise<ReadonlyMap<string, Terms>>;
  /** Replaces the product's terms. */
  readonly save: (tx: TenantTx, productId: string, terms: Terms) => Promise<void>;
}

/** A table with one row for each product. */
function oneRow<K extends TermsKind>(_: K, entity: EntityTarget<TermsRow<K>>): TermsTable<TermsByKind[K]> {
  return {
    load: async (tx, productIds) => {
      const where = { tenantId: tx.tenantId, productId: In([...productIds]) };
      const rows = await tx.manager.findBy<ObjectLiteral>(entity, where);
      return new Map(
        rows.map(({ tenantId: _tenant, productId, ...own }) => [String(productId), own as TermsByKind[K]]),
      );
    },
    save: async (tx, productId, terms) => {
      const row: ObjectLiteral = { ...terms, tenantId: tx.tenantId, productId };
      await tx.manager.upsert<ObjectLiteral>(entity, row, ['tenantId', 'productId']);
    },
  };
}

const TABLES: { readonly [K in TermsKind]: TermsTable<TermsByKind[K]> } = {
  licence_key: oneRow('licence_key', LicencePoolRow),
  subscription: oneRow('subscription', SubscriptionPlanRow),
  paid_media: { load: loadMedia, save: saveMedia },
  paid_command: { load: loadCommands, save: saveCommand },
  chat_access: oneRow('chat_access', ChatAccessTermsRow),
};

/** Loads the terms of products, with one query for each kind among them that has terms. */
export async function withTerms(tx: TenantTx, rows: readonly ProductRow[]): Promise<Product[]> {
  const found = new Map<string, ProductTerms>();
  for (const kind of TERMS_KINDS) {
    const ids = rows.filter((row) => row.kind === kind).map((row) => row.id);
    if (ids.length === 0) continue;
    for (const [productId, terms] of await TABLES[kind].load(tx, ids)) found.set(productId, { [kind]: terms });
  }
  return rows.map((row) => Object.assign(row, { terms: found.get(row.id) ?? {} }));
}

/**
 * Stores the terms of a product of this kind, replacing earlier ones.
 * @throws InvalidProduct when another product of the bot has the command
 */
export async function saveTerms(
  tx: TenantTx,
  product: Pick<ProductRow, 'id' | 'kind'>,
  terms: ProductTerms,
): Promise<void> {
  if (hasTerms(product.kind)) await save(tx, product.kind, product.id, terms);
}

async function save<K extends TermsKind>(tx: TenantTx, kind: K, productId: string, terms: ProductTerms): Promise<void> {
  const own = terms[kind];
  if (own !== undefined) await TABLES[kind].save(tx, productId, own);
}
