import type { Schema } from '#libs/client';

type Product = Schema<'Product'>;

/** Kinds whose goods are one text. The others are set through the API for now. */
export const WRITTEN_KINDS = ['text', 'link'] as const;
export type WrittenKind = (typeof WRITTEN_KINDS)[number];

/** What is typed into the editor. Empty limits are undefined. */
export interface ProductValues {
  bot_id: string;
  kind: Product['kind'];
  title: string;
  description: string;
  stars: number | undefined;
  content: string;
  stock: number | undefined;
  limit_per_buyer: number | undefined;
  hidden: boolean;
}

export const isWritten = (kind: Product['kind']): kind is WrittenKind => WRITTEN_KINDS.some((one) => one === kind);

export const newProduct = (botId: string): ProductValues => ({
  bot_id: botId,
  kind: 'text',
  title: '',
  description: '',
  stars: undefined,
  content: '',
  stock: undefined,
  limit_per_buyer: undefined,
  hidden: false,
});

export const valuesOf = (product: Product): ProductValues => ({
  bot_id: product.bot_id,
  kind: product.kind,
  title: product.title,
  description: product.description,
  stars: product.stars,
  content: product.content ?? '',
  stock: product.stock ?? undefined,
  limit_per_buyer: product.limit_per_buyer ?? undefined,
  hidden: product.hidden,
});

const shared = (values: ProductValues) => ({
  title: values.title.trim(),
  description: values.description.trim(),
  // The form has checked that it is there; what is not a price is for the API to refuse.
  stars: values.stars ?? 0,
  stock: values.stock ?? null,
  limit_per_buyer: values.limit_per_buyer ?? null,
  hidden: values.hidden,
});

export const creationOf = (values: ProductValues, state: 'draft' | 'active'): Schema<'CreateProduct'> => ({
  ...shared(values),
  bot_id: values.bot_id,
  kind: values.kind,
  content: values.content.trim(),
  state,
});

/** Only what was changed: nobody's change in another window is taken back. */
export function changeOf(before: ProductValues, after: ProductValues): Schema<'UpdateProduct'> {
  const [old, next] = [before, after].map((values) => ({
    ...shared(values),
    ...(isWritten(values.kind) ? { content: values.content.trim() } : {}),
  }));
  return Object.fromEntries(
    Object.entries(next ?? {}).filter(([name, value]) => value !== (old as Record<string, unknown>)[name]),
  );
}
