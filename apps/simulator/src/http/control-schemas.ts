import { z } from 'zod';
import { ENVIRONMENTS } from '../world/bot.js';
import { BUSINESS_RIGHTS } from '../world/business.js';
import { FAULT_ACTIONS } from '../world/faults.js';

const id = z.coerce.number<number>().int().positive();
const sharedChatId = z.coerce.number<number>().int().negative();
const username = z
  .string()
  .regex(/^[a-zA-Z]\w{3,31}$/, '4 to 32 letters, digits and underscores, starting with a letter');
const language = z.string().regex(/^[a-z]{2,3}(-[a-zA-Z]+)*$/, 'an IETF language tag');
const stars = z.number().int().positive().max(1_000_000_000);

export const botParams = z.object({ botId: id });
export const userParams = z.object({ userId: id });
export const chatParams = z.object({ botId: id, userId: id });
export const subscriptionParams = z.object({ subscriptionId: z.string() });
export const sharedChatParams = z.object({ chatId: sharedChatId });
/** The viewer: paid media look different to a person who has bought them. */
export const viewerQuery = z.object({ userId: id.optional() });
/**
 * The first update that bots get: that the group has become a supergroup, or that they are in a new chat. Telegram
 * sends them in any order.
 */
export const upgradeSchema = z.strictObject({ first: z.enum(['message', 'membership']).optional() });
export type UpgradeInput = z.input<typeof upgradeSchema>;
export const memberParams = z.object({ chatId: sharedChatId, memberId: id });
export const fileParams = z.object({ botId: id, fileId: z.string() });

/** The options that the owner has in BotFather, and the limit of its invoices. */
export const botSettings = z.strictObject({
  inline: z.boolean().optional(),
  inlineFeedback: z.boolean().optional(),
  business: z.boolean().optional(),
  largestInvoice: stars.optional(),
});

export const newBotSchema = z.strictObject({
  username,
  name: z.string().min(1).max(64),
  token: z
    .string()
    .regex(/^\d{5,12}:[\w-]{35}$/, 'digits, a colon and 35 characters')
    .optional(),
  /** With `test`, the bot answers only at `/bot<token>/test/<method>`. */
  environment: z.enum(ENVIRONMENTS).optional(),
  settings: botSettings.optional(),
});

export const newUserSchema = z.strictObject({
  first_name: z.string().min(1).max(64),
  last_name: z.string().min(1).max(64).optional(),
  username: username.optional(),
  language_code: language.optional(),
  is_premium: z.boolean().optional(),
  id: z
    .number()
    .int()
    .positive()
    .max(2 ** 52)
    .optional(),
});

export const languageSchema = z.strictObject({ language_code: language });

export const amountSchema = z.strictObject({ amount: stars });
const repliesTo = id.optional();
/** A person's message: a text, a file, or a location. */
export const sendSchema = z.union([
  z.strictObject({ text: z.string(), repliesTo }),
  z.strictObject({
    file: z.strictObject({
      kind: z.enum(['photo', 'document', 'video', 'voice']),
      name: z.string().min(1).max(255),
      mimeType: z.string().min(1).max(255),
      base64: z.base64(),
    }),
    caption: z.string().optional(),
    repliesTo,
  }),
  z.strictObject({
    location: z.strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) }),
  }),
]);
export const startSchema = z.strictObject({
  payload: z
    .string()
    .regex(/^[\w-]{1,64}$/, '1 to 64 letters, digits, _ and -')
    .optional(),
});
const press = { messageId: id, data: z.string().optional(), button: z.number().int().min(0).optional() };
const namesAButton = (body: { data?: string | undefined; button?: number | undefined }): boolean =>
  (body.data === undefined) !== (body.button === undefined);
const HOW_TO_PRESS = 'either data or button';
export const pressSchema = z.strictObject(press).refine(namesAButton, HOW_TO_PRESS);
export const pressInSchema = z.strictObject({ ...press, userId: id }).refine(namesAButton, HOW_TO_PRESS);
export const blockedSchema = z.strictObject({ blocked: z.boolean() });

/**
 * The thing to pay for: an invoice or paid media in the buyer's own chat or in a shared one, an invoice link, or a
 * friend's invoice.
 */
export const paySchema = z.union([
  z.strictObject({ userId: id, botId: id, messageId: id }),
  z.strictObject({ userId: id, chatId: sharedChatId, messageId: id }),
  z.strictObject({ userId: id, link: z.string().min(1) }),
  z.strictObject({ userId: id, forwardId: z.string().min(1) }),
]);
export const forwardSchema = z.union([
  z.strictObject({ botId: id, messageId: id, fromUserId: id, toUserId: id }),
  z.strictObject({ chatId: sharedChatId, messageId: id, fromUserId: id, toUserId: id }),
]);
export const invitesQuery = z.object({ link: z.string().min(1) });
export const invoiceQuery = z.object({ link: z.string().min(1) });

export const newSharedChatSchema = z.strictObject({
  type: z.enum(['group', 'supergroup', 'channel']),
  title: z.string().min(1).max(128),
  /** Set for a public chat. */
  username: username.optional(),
  ownerId: id,
});
/** Omitted fields keep their value. `username: null` makes the chat private. */
export const opennessSchema = z.strictObject({
  username: username.nullable().optional(),
  joinByRequest: z.boolean().optional(),
});
/** `byId` is the administrator who makes the change; the owner if omitted. */
export const standingSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('member'), byId: id.optional() }),
  z.strictObject({ status: z.literal('left'), byId: id.optional() }),
  z.strictObject({ status: z.literal('kicked'), byId: id.optional() }),
  z.strictObject({
    status: z.literal('administrator'),
    byId: id.optional(),
    rights: z.record(z.string(), z.boolean()),
  }),
]);
export const postSchema = z.strictObject({ userId: id, text: z.string(), repliesTo });
export const joinSchema = z.strictObject({ userId: id, link: z.string().min(1) });
export const decisionSchema = z.strictObject({ byId: id.optional(), approve: z.boolean() });

export const giftSchema = z.strictObject({
  fromUserId: id,
  toUserId: id,
  giftId: z.string().min(1),
  text: z.string().max(128).default(''),
});
export const businessSchema = z.strictObject({
  rights: z.array(z.enum(BUSINESS_RIGHTS)).default([]),
  isEnabled: z.boolean().default(true),
});

export const inlineQuerySchema = z.strictObject({
  botId: id,
  userId: id,
  query: z.string().max(256),
  offset: z.string().max(64).default(''),
  /** The kind of chat in which the person types; `sender` is the chat with the bot itself. */
  chatType: z.enum(['sender', 'private', 'group', 'supergroup', 'channel']).default('private'),
});
export const pickParams = z.object({ queryId: z.string() });
export const pickSchema = z.strictObject({
  resultId: z.string().min(1),
  to: z.union([
    z.strictObject({ botId: id }),
    z.strictObject({ chatId: sharedChatId }),
    z.strictObject({ userId: id }),
  ]),
});

export const logQuery = z.object({
  type: z.enum(['call', 'delivery']).optional(),
  botId: id.optional(),
  after: z.coerce.number().int().min(0).optional(),
});

export const clockSchema = z.strictObject({
  advanceSeconds: z
    .number()
    .min(0)
    .max(10 * 366 * 86_400),
});

const faultBase = {
  name: z.string().min(1).optional(),
  botId: id.optional(),
  probability: z.number().min(0).max(1).optional(),
  times: z.number().int().min(1).optional(),
  seconds: z.number().min(0).max(86_400).optional(),
  description: z.string().max(128).optional(),
};
export const faultsSchema = z.strictObject({
  seed: z.number().int().min(0).optional(),
  rules: z.array(
    z.discriminatedUnion('at', [
      z.strictObject({ at: z.literal('call'), action: z.enum(FAULT_ACTIONS.call), ...faultBase }),
      z.strictObject({ at: z.literal('queue'), action: z.enum(FAULT_ACTIONS.queue), ...faultBase }),
      z.strictObject({ at: z.literal('delivery'), action: z.enum(FAULT_ACTIONS.delivery), ...faultBase }),
    ]),
  ),
});
export const resetSchema = z.strictObject({ seed: z.number().int().min(0).optional() });

export type NewBotInput = z.input<typeof newBotSchema>;
export type NewUserInput = z.input<typeof newUserSchema>;
export type NewSharedChatInput = z.input<typeof newSharedChatSchema>;
export type OpennessInput = z.input<typeof opennessSchema>;
export type StandingInput = z.input<typeof standingSchema>;
export type InlineQueryInput = z.input<typeof inlineQuerySchema>;
export type PickInput = z.input<typeof pickSchema>;
export type BotSettingsInput = z.input<typeof botSettings>;
export type GiftInput = z.input<typeof giftSchema>;
export type BusinessInput = z.input<typeof businessSchema>;
export type FaultsInput = z.input<typeof faultsSchema>;
export type SendInput = z.input<typeof sendSchema>;
export type LogQuery = { type?: 'call' | 'delivery'; botId?: number; after?: number };
