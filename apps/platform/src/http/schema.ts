import { StandardSchemaValidationPipe } from '@nestjs/common';
import { z } from 'zod';
import { ID_PREFIXES, type IdKind, parseId, publicId } from '#libs/kernel';
import { InvalidRequest } from './refusals.js';

/** Validates every `{ schema }` of a route and says which fields are wrong. */
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

/** A public id of that kind; the handler receives the UUID behind it. */
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

/** Cursor paging: newest first, `starting_after` the last id of the page before. */
export const pageOf = (kind: IdKind) => ({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  starting_after: idOf(kind).optional(),
});

export interface Page<View> {
  readonly object: 'list';
  readonly data: readonly View[];
  readonly has_more: boolean;
}

/** @param rows one more than `limit` were asked for; the surplus row says that there is more */
export function page<Row, View>(rows: readonly Row[], limit: number, view: (row: Row) => View): Page<View> {
  return { object: 'list', data: rows.slice(0, limit).map(view), has_more: rows.length > limit };
}

export const listOf = <View extends z.ZodType>(view: View) =>
  z.object({ object: z.literal('list'), data: z.array(view), has_more: z.boolean() });

/** For views: the public id, or null. */
export const idOrNull = (kind: IdKind, uuid: string | null) => (uuid === null ? null : publicId(kind, uuid));
export const timeOrNull = (time: Date | null) => time?.toISOString() ?? null;

/** At most 50 keys of 40 characters with values of 500. */
export const metadata = z
  .record(z.string().min(1).max(40), z.string().max(500))
  .refine((map) => Object.keys(map).length <= 50, { error: 'must have at most 50 keys' });
