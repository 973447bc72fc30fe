import type { TextEntry } from './template.js';

/** A product's title and description for buyers of one language. Each is for one product only. */
export const PRODUCT_TEXTS = {
  'product.title': {
    about: 'The title of a product, wherever it is shown. For one product only.',
    place: 'title',
    fields: { title: 'text' },
  },
  'product.description': {
    about: 'The description of a product, wherever it is shown. For one product only.',
    place: 'product',
    fields: { description: 'text' },
  },
} as const satisfies Record<string, TextEntry>;
