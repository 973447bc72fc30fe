import type { TextEntry } from './template.js';

/** What a product is called and said to be, where buyers of one language read something else than the others. For one product only. */
export const PRODUCT_TEXTS = {
  'product.title': {
    about: 'The title of a product, wherever it stands. For one product only.',
    place: 'title',
    fields: { title: 'text' },
  },
  'product.description': {
    about: 'The description of a product, wherever it stands. For one product only.',
    place: 'product',
    fields: { description: 'text' },
  },
} as const satisfies Record<string, TextEntry>;
