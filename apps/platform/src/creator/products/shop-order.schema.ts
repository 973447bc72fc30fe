import { z } from 'zod';
import { idOf, listQuery } from '../../http/schema.js';

export const listShopSchema = listQuery('product', {});
export type ListShop = z.infer<typeof listShopSchema>;

export const placeProductSchema = z
  .strictObject({
    after: idOf('product')
      .nullable()
      .describe('The product that comes directly before it. null: it becomes the first.'),
  })
  .meta({ id: 'PlaceProduct' });
export type PlaceProduct = z.infer<typeof placeProductSchema>;
