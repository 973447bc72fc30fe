import { z } from 'zod';
import { type KeysAdded, LICENCE_KEY_STATES, type LicenceKeyRow, MAX_KEYS } from '#libs/catalog';
import { publicId, type Shown } from '#libs/kernel';
import { idOf, idOrNull, listOf, listQuery, timeOrNull } from '../../http/schema.js';

export const addKeysSchema = z
  .strictObject({
    keys: z
      .array(z.string().meta({ minLength: 1, maxLength: 256 }))
      .min(1)
      .max(MAX_KEYS)
      .describe(
        'Keys for the pool. Lists larger than 100 KiB are uploaded as a file: POST /v1/products/{id}/keys/file.',
      ),
  })
  .meta({ id: 'AddLicenceKeys' });
export type AddKeys = z.infer<typeof addKeysSchema>;

export const listKeysSchema = listQuery('licenceKey', { state: z.enum(LICENCE_KEY_STATES).optional() });
export type ListKeys = z.infer<typeof listKeysSchema>;

export const keyViewSchema = z
  .object({
    object: z.literal('licence_key'),
    id: z.string(),
    product_id: z.string(),
    hint: z.string().describe('The end of the key: at most four characters, and at most a quarter of it.'),
    state: z
      .enum(LICENCE_KEY_STATES)
      .describe('`burned`: its order was refunded. A key that was sold is never sold again.'),
    order_id: z.string().nullable(),
    created_at: z.iso.datetime(),
    sold_at: z.iso.datetime().nullable(),
    burned_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'LicenceKey' });
export const keyListSchema = listOf(keyViewSchema).meta({ id: 'LicenceKeyList' });

export const keysAddedSchema = z
  .object({
    object: z.literal('licence_keys_added'),
    product_id: z.string(),
    added: z.int(),
    duplicates: z
      .array(z.int())
      .describe(
        'Lines, from 1, with duplicates: keys that the product already had or that an earlier line contains. ' +
          'They were not stored again.',
      ),
    stock: z.int().describe('Number of keys that can be sold now.'),
  })
  .meta({ id: 'LicenceKeysAdded' });

export const keyView = (row: LicenceKeyRow): Shown<typeof keyViewSchema> => ({
  object: 'licence_key' as const,
  id: publicId('licenceKey', row.id),
  product_id: publicId('product', row.productId),
  hint: row.hint,
  state: row.state,
  order_id: idOrNull('order', row.orderId),
  created_at: row.createdAt.toISOString(),
  sold_at: timeOrNull(row.soldAt),
  burned_at: timeOrNull(row.burnedAt),
});

export const keysAddedView = ({ added, duplicates, product }: KeysAdded): Shown<typeof keysAddedSchema> => ({
  object: 'licence_keys_added' as const,
  product_id: publicId('product', product.id),
  added,
  duplicates: [...duplicates],
  stock: product.stock ?? 0,
});

/** The path parameter of a key. */
export const licenceKeyId = idOf('licenceKey');
