import type { Schema } from '#libs/client';
import { fromLocal } from '../../parts/local-time';
import { KINDS } from './kinds';
import type { ProductValues } from './product-values';

const tagsIn = (text: string) =>
  text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');

const termsOf = (values: ProductValues) => KINDS[values.kind].terms(values);

const shared = (values: ProductValues) => ({
  title: values.title.trim(),
  description: values.description.trim(),
  // The form has checked that there is a price; the API refuses an invalid one.
  stars: values.stars ?? 0,
  ...(KINDS[values.kind].stock !== false ? { stock: values.stock ?? null } : {}),
  ...(KINDS[values.kind].limit !== false ? { limit_per_buyer: values.limit_per_buyer ?? null } : {}),
  sale_starts_at: fromLocal(values.sale_starts_at),
  sale_ends_at: fromLocal(values.sale_ends_at),
  position: values.position ?? 0,
  tags: tagsIn(values.tags),
  hidden: values.hidden,
  photo_file_id: values.photo_file_id,
});

export const creationOf = (values: ProductValues, state: 'draft' | 'active'): Schema<'CreateProduct'> => ({
  ...shared(values),
  ...termsOf(values).later,
  ...termsOf(values).first,
  bot_id: values.bot_id,
  kind: values.kind,
  state,
});

/** Returns only the changed fields, so that a change made in another window is not undone. */
export function changeOf(before: ProductValues, after: ProductValues): Schema<'UpdateProduct'> {
  const [old, next] = [before, after].map((values) => ({ ...shared(values), ...termsOf(values).later }));
  const isOther = ([name, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify((old as Record<string, unknown>)[name]);
  return Object.fromEntries(Object.entries(next ?? {}).filter(isOther));
}
