import { z } from 'zod';
import { FAULT_ACTIONS } from '../world/faults.js';

const id = z.coerce.number().int().positive();
const username = z
  .string()
  .regex(/^[a-zA-Z]\w{3,31}$/, '4 to 32 letters, digits and underscores, beginning with a letter');
const stars = z.number().int().positive().max(1_000_000_000);

export const botParams = z.object({ botId: id });
export const userParams = z.object({ userId: id });
export const chatParams = z.object({ botId: id, userId: id });
export const subscriptionParams = z.object({ subscriptionId: z.string() });
export const fileParams = z.object({ botId: id, fileId: z.string() });

export const newBotSchema = z.strictObject({
  username,
  name: z.string().min(1).max(64),
  token: z
    .string()
    .regex(/^\d{5,12}:[\w-]{35}$/, 'digits, a colon and 35 characters')
    .optional(),
});

export const newUserSchema = z.strictObject({
  first_name: z.string().min(1).max(64),
  last_name: z.string().min(1).max(64).optional(),
  username: username.optional(),
  language_code: z
    .string()
    .regex(/^[a-z]{2,3}(-[a-zA-Z]+)*$/, 'an IETF language tag')
    .optional(),
  is_premium: z.boolean().optional(),
  id: z
    .number()
    .int()
    .positive()
    .max(2 ** 52)
    .optional(),
});

export const amountSchema = z.strictObject({ amount: stars });
export const textSchema = z.strictObject({ text: z.string() });
export const startSchema = z.strictObject({
  payload: z
    .string()
    .regex(/^[\w-]{1,64}$/, '1 to 64 letters, digits, _ and -')
    .optional(),
});
export const pressSchema = z.union([
  z.strictObject({ messageId: id, data: z.string() }),
  z.strictObject({ messageId: id, button: z.number().int().min(0) }),
]);
export const blockedSchema = z.strictObject({ blocked: z.boolean() });

/** What is paid: an invoice message in the buyer's own chat, an invoice link, or a forwarded copy. */
export const paySchema = z.union([
  z.strictObject({ userId: id, botId: id, messageId: id }),
  z.strictObject({ userId: id, link: z.string().min(1) }),
  z.strictObject({ userId: id, forwardId: z.string().min(1) }),
]);
export const forwardSchema = z.strictObject({ botId: id, messageId: id, fromUserId: id, toUserId: id });
export const invoiceQuery = z.object({ link: z.string().min(1) });

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
export type FaultsInput = z.input<typeof faultsSchema>;
export type LogQuery = { type?: 'call' | 'delivery'; botId?: number; after?: number };
