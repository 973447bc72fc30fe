import { z } from 'zod';
import { priceViewSchema, productView, productViewSchema } from '#libs/catalog';
import type { SavedProduct } from '#libs/delivery';
import type { Shown } from '#libs/kernel';
import { listOf } from '../../http/schema.js';

export const savedProductViewSchema = productViewSchema
  .extend({
    fulfilment_secret: z
      .string()
      .nullable()
      .describe(
        'Only for a `callback` or `paid_command` that was just created: verifies the requests for its goods. ' +
          'Never shown again.',
      ),
  })
  .meta({ id: 'SavedProduct' });

export const productListSchema = listOf(productViewSchema).meta({ id: 'ProductList' });
export const priceListSchema = listOf(priceViewSchema).meta({ id: 'PriceVersionList' });

export const savedProductView = ({ product, secret }: SavedProduct): Shown<typeof savedProductViewSchema> => ({
  ...productView(product),
  fulfilment_secret: secret,
});
