import { z } from 'zod';
import { idOf, pageLimit } from '../../http/schema.js';

export const listShopSchema = z.strictObject({
  limit: pageLimit,
  starting_after: idOf('product').optional().describe('The last id of the previous page: returns the next page.'),
});
export type ListShop = z.infer<typeof listShopSchema>;

export const placeProductSchema = z
  .strictObject({
    after: idOf('product')
      .nullable()
      .describe('The product that comes directly before it. null: it becomes the first.'),
  })
  .meta({ id: 'PlaceProduct' });
export type PlaceProduct = z.infer<typeof placeProductSchema>;
