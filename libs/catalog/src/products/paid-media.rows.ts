import { In } from 'typeorm';
import type { TenantTx } from '#libs/database';
import { NotFound } from '#libs/kernel';
import { FileRow } from '../files/file.entity.js';
import { mediaFileProblem, mediaProblems, type PaidMediaTerms } from '../kinds/kind-paid-media.js';
import { PaidMediaItemRow } from './paid-media.entity.js';
import { InvalidProduct } from './product.js';

/** Loads the items of these products, by product. */
export async function loadMedia(
  tx: TenantTx,
  productIds: readonly string[],
): Promise<ReadonlyMap<string, PaidMediaTerms>> {
  const rows = await tx.manager.find(PaidMediaItemRow, {
    where: { tenantId: tx.tenantId, productId: In([...productIds]) },
    order: { place: 'ASC' },
  });
  return new Map(
    productIds.map((id) => {
      const own = rows.filter(({ productId }) => productId === id);
      return [id, { items: own.map(({ type, fileId, telegramFileId }) => ({ type, fileId, telegramFileId })) }];
    }),
  );
}

/** Replaces the items of a product. */
export async function saveMedia(tx: TenantTx, productId: string, { items }: PaidMediaTerms): Promise<void> {
  const key = { tenantId: tx.tenantId, productId };
  await tx.manager.delete(PaidMediaItemRow, key);
  await tx.manager.insert(
    PaidMediaItemRow,
    items.map((item, place) => ({ ...item, ...key, place })),
  );
}

/** @throws NotFound when the workspace has no such file; InvalidProduct when a file does not match its type */
export async function needMedia(tx: TenantTx, terms: PaidMediaTerms | undefined): Promise<void> {
  const ids = [...new Set((terms?.items ?? []).flatMap(({ fileId }) => fileId ?? []))];
  if (terms === undefined || ids.length === 0) return;
  const files = await tx.manager.findBy(FileRow, { tenantId: tx.tenantId, id: In(ids) });
  if (files.length < ids.length) throw new NotFound('file');
  const problems = mediaProblems(terms, new Map(files.map((file) => [file.id, file])));
  if (problems.length > 0) throw new InvalidProduct(problems);
}

/**
 * Checks the photo of a product's card. @throws NotFound when the workspace has no such file; InvalidProduct when it
 * is not a photo
 */
export async function needPhoto(tx: TenantTx, fileId: string | null): Promise<void> {
  if (fileId === null) return;
  const file = await tx.manager.findOneBy(FileRow, { tenantId: tx.tenantId, id: fileId });
  if (file === null) throw new NotFound('file');
  const message = mediaFileProblem('photo', file);
  if (message !== undefined) throw new InvalidProduct([{ path: 'photo_file_id', message }]);
}
