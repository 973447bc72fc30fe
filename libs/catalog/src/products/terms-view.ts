import { z } from 'zod';
import { idOrNull, type Shown } from '#libs/kernel';
import { MEDIA_TYPES } from '../kinds/kind-paid-media.js';
import type { ProductTerms, TermsByKind, TermsKind } from '../kinds/kinds.js';

/** The view of one kind's terms. */
interface TermsView<Terms, Schema extends z.ZodObject> {
  readonly schema: Schema;
  readonly show: (terms: Terms) => Shown<Schema>;
}

const termsOf = <Kind extends TermsKind, Schema extends z.ZodObject>(
  _: Kind,
  view: TermsView<TermsByKind[Kind], Schema>,
) => view;

const licenceKey = termsOf('licence_key', {
  schema: z.object({ low_stock_at: z.int().nullable() }),
  show: (terms) => ({ low_stock_at: terms.lowStockAt }),
});

const subscription = termsOf('subscription', {
  schema: z.object({
    period_seconds: z.int(),
    grace_seconds: z.int(),
    remind_seconds: z.int().nullable(),
    win_back: z.boolean(),
  }),
  show: (terms) => ({
    period_seconds: terms.periodSeconds,
    grace_seconds: terms.graceSeconds,
    remind_seconds: terms.remindSeconds,
    win_back: terms.winBack,
  }),
});

const paidMedia = termsOf('paid_media', {
  schema: z.object({
    items: z.array(
      z.object({ type: z.enum(MEDIA_TYPES), file_id: z.string().nullable(), telegram_file_id: z.string().nullable() }),
    ),
  }),
  show: ({ items }) => ({
    items: items.map(({ type, fileId, telegramFileId }) => ({
      type,
      file_id: idOrNull('file', fileId),
      telegram_file_id: telegramFileId,
    })),
  }),
});

const paidCommand = termsOf('paid_command', {
  schema: z.object({
    command: z.string(),
    credit_unit: z.string().nullable(),
    credit_amount: z.int().nullable(),
    needs_arguments: z.boolean(),
  }),
  show: (terms) => ({
    command: terms.command,
    credit_unit: terms.creditUnit,
    credit_amount: terms.creditAmount,
    needs_arguments: terms.needsArguments,
  }),
});

const chatAccess = termsOf('chat_access', {
  schema: z.object({ days: z.int().nullable(), grace_seconds: z.int() }),
  show: (terms) => ({ days: terms.days, grace_seconds: terms.graceSeconds }),
});

/** Without the goods. */
const toldMedia = termsOf('paid_media', {
  schema: z.object({ items: z.array(z.object({ type: z.enum(MEDIA_TYPES) })) }),
  show: ({ items }) => ({ items: items.map(({ type }) => ({ type })) }),
});

/** Every kind with terms needs an entry, or this does not compile. */
const schemasWith = <Media extends z.ZodObject>(media: Media) =>
  ({
    licence_key: licenceKey.schema.nullable(),
    subscription: subscription.schema.nullable(),
    paid_media: media.nullable(),
    paid_command: paidCommand.schema.nullable(),
    chat_access: chatAccess.schema.nullable(),
  }) satisfies Record<TermsKind, z.ZodType>;

/** Each kind's terms as its creator reads them; null for kinds other than the product's. */
export const termsSchemas = schemasWith(paidMedia.schema);

/** Each kind's terms as events show them. */
export const toldTermsSchemas = schemasWith(toldMedia.schema);

const viewWith =
  <Media extends object>(showMedia: (terms: TermsByKind['paid_media']) => Media) =>
  (terms: ProductTerms) =>
    ({
      licence_key: terms.licence_key === undefined ? null : licenceKey.show(terms.licence_key),
      subscription: terms.subscription === undefined ? null : subscription.show(terms.subscription),
      paid_media: terms.paid_media === undefined ? null : showMedia(terms.paid_media),
      paid_command: terms.paid_command === undefined ? null : paidCommand.show(terms.paid_command),
      chat_access: terms.chat_access === undefined ? null : chatAccess.show(terms.chat_access),
    }) satisfies Record<TermsKind, object | null>;

export const termsView = viewWith(paidMedia.show);
export const toldTermsView = viewWith(toldMedia.show);
