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

/** How the API takes what only one kind of product has, as an object that is named after the kind. */
interface TermsFields<Said, Fields extends z.ZodObject> {
  /** What a creator may say. A change may leave out each of it. */
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
        .describe('You get the event `product.stock_low` when so few keys are left. null: never.'),
    })
    .describe('Of a `licence_key`. Its stock is the number of keys that are left.'),
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
          '30 days, which is all that Telegram takes; for a bot of the test environment 60 or 300. Never changed.',
        ),
      grace_seconds: z
        .int()
        .min(0)
        .max(MONTH_SECONDS)
        .optional()
        .describe('How long access goes on while a renewal is late. A day unless you say otherwise.'),
      remind_seconds: seconds
        .nullable()
        .optional()
        .describe('The buyer of a canceled subscription is reminded so long before its end. Three days; null: never.'),
      win_back: z.boolean().optional().describe('Ask a buyer who left back, once, when access has ended. false.'),
    })
    .describe('Of a `subscription`.'),
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
              .describe('What Telegram calls a photo or video that this bot has sent or received.'),
          }),
        )
        .min(1)
        .max(MAX_MEDIA)
        .describe('What is blurred until it is paid, in its order. A change replaces them as a whole.'),
    })
    .describe(
      'Of `paid_media`: photos and videos that Telegram unlocks by itself. It asks nobody before, so they have neither `stock` nor ' +
        '`limit_per_buyer`. At most 25,000 Stars.',
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
      command: z.string().regex(COMMAND).describe('Without its slash. One product of a bot has it.'),
      credit_unit: z
        .string()
        .regex(CREDIT_UNIT)
        .nullable()
        .optional()
        .describe('What one use costs in credits, beside `credit_amount`. null: it costs Stars only.'),
      credit_amount: z
        .int()
        .min(1)
        .max(MAX_CREDITS)
        .nullable()
        .optional()
        .describe('Credits are taken first, where a buyer has enough. `stars: 0` sells it for credits only.'),
      needs_arguments: z
        .boolean()
        .optional()
        .describe(`Whether something has to follow the command, at most ${MAX_ARGUMENTS} characters. false.`),
    })
    .describe('Of a `paid_command`. It stands in the menu of the bot, unless the product is hidden.'),
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
        .describe('How long one payment lasts; a buyer who pays again adds to it. null: for good. Never changed.'),
      grace_seconds: z
        .int()
        .min(0)
        .max(MAX_GRACE_SECONDS)
        .optional()
        .describe('How long after that a buyer may still pay again and stay. A day unless you say otherwise.'),
    })
    .describe('Of a `chat_access`. Which chat it opens is in `chat_id`.'),
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

/** The terms that a body names, as the catalogue calls them; undefined when it names none. */
export function termsIn(body: TermsBody): TermsInput | undefined {
  const terms = forEach<TermsInput>(({ read }, kind) => body[kind] && read(body[kind]));
  return Object.values(terms).every((each) => each === undefined) ? undefined : terms;
}
