import { StandardSchemaValidationPipe } from '@nestjs/common';
import { z } from 'zod';
import { ID_PREFIXES, type IdKind, parseId } from '#libs/kernel';
import { InvalidRequest } from './refusals.js';

/** Validates every `{ schema }` of a route and reports the invalid fields. */
export const validation = () =>
  new StandardSchemaValidationPipe({
    exceptionFactory: (issues) =>
      new InvalidRequest(
        issues.slice(0, 50).map((issue) => ({
          path: (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
          message: issue.message,
        })),
      ),
  });

/** Accepts a public id of that kind; the handler receives its UUID. */
export const idOf = (kind: IdKind) =>
  z
    .string()
    .max(64)
    .transform((text, context) => {
      const uuid = parseId(kind, text);
      if (uuid !== undefined) return uuid;
      context.addIssue({ code: 'custom', message: `must be an id that starts with ${ID_PREFIXES[kind]}_` });
      return z.NEVER;
    });

/** A time in a request. */
function momentOf(description: string) {
  return z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional()
    .describe(description);
}

/**
 * Accepts a text that becomes a message. Telegram counts UTF-16 units, of which an emoji has two or more; the API's
 * JSON Schema can only count code points.
 */
export const messageText = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max, { abort: true })
    .refine((text) => text.length <= max, {
      error: `must have at most ${max} characters as Telegram counts them (UTF-16 units: an emoji has two or more)`,
    });

/** Number of rows per page. */
export const pageLimit = z.coerce.number().int().min(1).max(100).default(20);

/** Cursor paging: newest first, `starting_after` is the last id of the previous page. */
const pageOf = (kind: IdKind) => ({
  limit: pageLimit,
  starting_after: idOf(kind).optional().describe('The last id of the previous page: returns the next page.'),
  ending_before: idOf(kind)
    .optional()
    .describe('The first id of the following page: returns the page before it, in the same order.'),
});

/** The query of a list: paging both ways, and its filters. Anything else is refused. */
export const listQuery = <Filters extends z.core.$ZodShape>(kind: IdKind, filters: Filters) =>
  z
    .strictObject({ ...pageOf(kind), ...filters })
    .refine((query) => !('starting_after' in query && 'ending_before' in query), {
      error: 'must have at most one of starting_after and ending_before',
    });

/** Filters by the time of creation. */
export const createdFilters = {
  created_after: momentOf('Inclusive.'),
  created_before: momentOf('Exclusive.'),
};

/** Converts a page's position in a list to the form that stores use. */
export const cursorOf = (query: { starting_after?: string | undefined; ending_before?: string | undefined }) => ({
  after: query.starting_after,
  before: query.ending_before,
});

export interface Page<View> {
  readonly object: 'list';
  readonly data: readonly View[];
  readonly has_more: boolean;
}

/**
 * @param rows requested with one more than `limit`; the surplus row shows that there is more
 * @param asked the limit alone for a list with one direction; else the query, because rows before a cursor come nearest
 * first
 */
export function page<Row, View>(
  rows: readonly Row[],
  asked: number | { readonly limit: number; readonly ending_before?: unknown },
  view: (row: Row) => View,
): Page<View> {
  const { limit, ending_before: before } =
    typeof asked === 'number' ? { limit: asked, ending_before: undefined } : asked;
  const shown = rows.slice(0, limit);
  if (before !== undefined) shown.reverse();
  return { object: 'list', data: shown.map(view), has_more: rows.length > limit };
}

export const listOf = <View extends z.ZodType>(view: View) =>
  z.object({ object: z.literal('list'), data: z.array(view), has_more: z.boolean() });

/** Optional values, for views. */
export { idOrNull, timeOrNull } from '#libs/kernel';

/** At most 50 keys of 40 characters with values of 500. */
export const metadata = z
  .record(z.string().min(1).max(40), z.string().max(500))
  .refine((map) => Object.keys(map).length <= 50, { error: 'must have at most 50 keys' });

/** A creator's metadata on one of their objects. */
export const notes = metadata.describe('For your own use. A change replaces it as a whole. Buyers do not see it.');
export const notesView = z.record(z.string(), z.string());

/** A change of the metadata alone. */
export const notesChange = (id: string) => z.strictObject({ metadata: notes }).meta({ id });
export type NotesChange = z.output<ReturnType<typeof notesChange>>;
