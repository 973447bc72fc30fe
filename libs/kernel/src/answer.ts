import { z } from 'zod';

/**
 * The type of responses with this schema. Views have this type, so that a view that departs from its schema does not
 * compile. Lists and objects are read-only, because a view only returns its input.
 */
export type Shown<Schema extends z.ZodType> = ReadOnly<z.output<Schema>>;

type ReadOnly<Value> = Value extends readonly (infer Item)[]
  ? readonly ReadOnly<Item>[]
  : Value extends object
    ? { readonly [Name in keyof Value]: ReadOnly<Value[Name]> }
    : Value;

/** A time in a response: ISO 8601, in UTC. */
export const shownTime = z.iso.datetime();

/** The creator's metadata of an object. */
export const shownNotes = z.record(z.string(), z.string());
