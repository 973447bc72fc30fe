import { z } from 'zod';
import {
  COMMAND,
  MAX_ARGUMENTS,
  MAX_ACCESS_DAYS,
  MAX_GRACE_SECONDS,
  MAX_LOW_STOCK,
  MAX_MEDIA,
  MEDIA_TYPES,
  SUBSCRIPTION_PERIODS,
  type TermsInput,
  type TermsKind,
} from '#libs/catalog';
import { idOf } from '../../http/schema.js';
import { CREDIT_UNIT, MAX_CREDITS } from '#libs/kernel';

/** The API's representation of fields that only one kind of product has, as an object named after the kind. */
interface TermsFields<Said, Fields extends z.ZodObject> {
  /** The fields that a creator may set. A change may omit each of them. */
  readonly fields: Fields;
  readonly read: (body: { readonly [P in keyof z.output<Fields>]?: z.output<Fields>[P] | undefined }) => Said;
}

const termsFields = <Kind extends TermsKind, Fields extends z.ZodObject>(
  _: Kind,
  fields: TermsFields<TermsInput[Kind], Fields>,
) => fields;

const licenceKey = termsFields('licence_key', {
  fields: z
    .strictObject({
      low_stock_at: z
        .int()
        .min(1)
        .max(MAX_LOW_STOCK)
        .nullable()
        .optional()
        .describe('The event `product.stock_low` is sent when no more than this many keys are left. null: never.'),
    })
    .describe('For a `licence_key`. Its stock is the number of keys that are left.'),
  read: (body) => ({ lowStockAt: body.low_stock_at }),
});

const MONTH_SECONDS = 2_592_000;
const seconds = z.int().min(1).max(MONTH_SECONDS);

const subscription = termsFields('subscription', {
  fields: z
    .strictObject({
      period_seconds: z
        .union(SUBSCRIPTION_PERIODS.map((period) => z.literal(period)))
        .optional()
        .describe(
          '30 days, the only period that Telegram accepts; for a bot of the test environment 60 or 300. Never changed.',
        ),
      grace_seconds: z
        .int()
        .min(0)
        .max(MONTH_SECONDS)
        .optional()
        .describe('Seconds for which access continues while a renewal is late. A day by default.'),
      remind_seconds: seconds
        .nullable()
        .optional()
        .describe(
          'Seconds before the end at which the buyer of a canceled subscription is reminded. Three days by default; ' +
            'null: never.',
        ),
      win_back: z
        .boolean()
        .optional()
        .describe('Invite a buyer who left to come back, once, when access has ended. false by default.'),
    })
    .describe('For a `subscription`.'),
  read: (body) => ({
    periodSeconds: body.period_seconds,
    graceSeconds: body.grace_seconds,
    remindSeconds: body.remind_seconds,
    winBack: body.win_back,
  }),
});

const paidMedia = termsFields('paid_media', {
  fields: z
    .strictObject({
      items: z
        .array(
          z.strictObject({
            type: z.enum(MEDIA_TYPES),
            file_id: idOf('file').optional().describe('A file of the workspace, from POST /v1/files.'),
            telegram_file_id: z
              .string()
              .min(1)
              .max(256)
              .optional()
              .describe("Telegram's id of a photo or video that this bot has sent or received."),
          }),
        )
        .min(1)
        .max(MAX_MEDIA)
        .describe('The media that are blurred until they are paid, in order. A change replaces them as a whole.'),
    })
    .describe(
      'For `paid_media`: photos and videos that Telegram unlocks by itself, without asking for approval ' +
        'first, so they have neither `stock` nor `limit_per_buyer`. At most 25,000 Stars.',
    ),
  read: (body) => ({
    items: body.items?.map(({ type, file_id: fileId = null, telegram_file_id: telegramFileId = null }) => ({
      type,
      fileId,
      telegramFileId,
    })),
  }),
});

const paidCommand = termsFields('paid_command', {
  fields: z
    .strictObject({
      command: z.string().regex(COMMAND).describe('Without its slash. Unique among the products of a bot.'),
      credit_unit: z
        .string()
        .regex(CREDIT_UNIT)
        .nullable()
        .optional()
        .describe('The unit of the price in credits, together with `credit_amount`. null: it costs Stars only.'),
      credit_amount: z
        .int()
        .min(1)
        .max(MAX_CREDITS)
        .nullable()
        .optional()
        .describe('Credits are used first, if a buyer has enough. `stars: 0` sells it for credits only.'),
      needs_arguments: z
        .boolean()
        .optional()
        .describe(
          `True if the command needs a text after it, of at most ${MAX_ARGUMENTS} characters. false by default.`,
        ),
    })
    .describe('For a `paid_command`. It is in the menu of the bot, unless the product is hidden.'),
  read: (body) => ({
    command: body.command,
    creditUnit: body.credit_unit,
    creditAmount: body.credit_amount,
    needsArguments: body.needs_arguments,
  }),
});

const chatAccess = termsFields('chat_access', {
  fields: z
    .strictObject({
      days: z
        .int()
        .min(1)
        .max(MAX_ACCESS_DAYS)
        .nullable()
        .optional()
        .describe('Days of access per payment; another payment extends it. null: no end. Never changed.'),
      grace_seconds: z
        .int()
        .min(0)
        .max(MAX_GRACE_SECONDS)
        .optional()
        .describe('Seconds after that in which a buyer can still pay again and stay. A day by default.'),
    })
    .describe('For a `chat_access`. The chat that it opens is in `chat_id`.'),
  read: (body) => ({ days: body.days, graceSeconds: body.grace_seconds }),
});

/** A kind with terms has its entry here, or it does not compile. */
const TERMS = {
  licence_key: licenceKey,
  subscription,
  paid_media: paidMedia,
  paid_command: paidCommand,
  chat_access: chatAccess,
} as const satisfies Record<TermsKind, object>;
type Terms = typeof TERMS;

type AnyTerms = TermsFields<object, z.ZodObject>;
const entries = Object.entries(TERMS) as unknown as [TermsKind, AnyTerms][];
const forEach = <Made>(make: (terms: AnyTerms, kind: TermsKind) => unknown) =>
  Object.fromEntries(entries.map(([kind, terms]) => [kind, make(terms, kind)])) as Made;

export const newTerms = forEach<{ [K in TermsKind]: z.ZodOptional<Terms[K]['fields']> }>(({ fields }) =>
  fields.optional(),
);
export const changedTerms = forEach<{ [K in TermsKind]: ReturnType<Terms[K]['fields']['partial']> }>(({ fields }) =>
  fields.partial(),
);

type TermsBody = { readonly [K in TermsKind]?: Parameters<Terms[K]['read']>[0] | undefined };

/** The terms in a body, in the catalogue's form; undefined when there are none. */
export function termsIn(body: TermsBody): TermsInput | undefined {
  const terms = forEach<TermsInput>(({ read }, kind) => body[kind] && read(body[kind]));
  return Object.values(terms).every((each) => each === undefined) ? undefined : terms;
}
