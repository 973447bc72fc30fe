import { type EntityTarget, In, type ObjectLiteral } from 'typeorm';
import type { TenantTx } from '#libs/database';
import { hasTerms, type ProductTerms, TERMS_KINDS, type TermsByKind, type TermsKind } from './kinds.js';
import { LicencePoolRow } from './licence-pool.entity.js';
import type { ProductRow } from './product.entity.js';
import { SubscriptionPlanRow } from './subscription-plan.entity.js';

/** A product with all that was agreed about it. */
export type Product = ProductRow & { readonly terms: ProductTerms };

type TermsRow<K extends TermsKind> = { tenantId: string; productId: string } & {
  -readonly [P in keyof TermsByKind[K]]: TermsByKind[K][P];
};

/** Where the terms of each kind are kept, one row for a product. */
const TABLES: { readonly [K in TermsKind]: EntityTarget<TermsRow<K>> } = {
  licence_key: LicencePoolRow,
  subscription: SubscriptionPlanRow,
};

/** The products with their terms: one query for each kind among them that has terms. */
export async function withTerms(tx: TenantTx, rows: readonly ProductRow[]): Promise<Product[]> {
  const found = new Map<string, ProductTerms>();
  for (const kind of TERMS_KINDS) {
    const ids = rows.filter((row) => row.kind === kind).map((row) => row.id);
    if (ids.length === 0) continue;
    const where = { tenantId: tx.tenantId, productId: In(ids) };
    for (const { tenantId: _, productId, ...terms } of await tx.manager.findBy<ObjectLiteral>(TABLES[kind], where)) {
      found.set(productId, { [kind]: terms });
    }
  }
  return rows.map((row) => Object.assign(row, { terms: found.get(row.id) ?? {} }));
}

/** Keeps the terms of a product of this kind, in place of those that it had. */
export async function saveTerms(
  tx: TenantTx,
  product: Pick<ProductRow, 'id' | 'kind'>,
  terms: ProductTerms,
): Promise<void> {
  if (!hasTerms(product.kind)) return;
  const row: ObjectLiteral = { ...terms[product.kind], tenantId: tx.tenantId, productId: product.id };
  await tx.manager.upsert<ObjectLiteral>(TABLES[product.kind], row, ['tenantId', 'productId']);
}
