import { z } from 'zod';
import { OBLIGATION_KINDS, type ObligationKind, type RemovalProgress, removalView } from '#libs/rights';
import { BOT_ENVIRONMENTS, type BotChange, type BotFacts, botView, type WebhookFacts } from '#libs/tenants';
import { listOf, listQuery, messageText, notes, notesView, timeOrNull } from '../../http/schema.js';

// The service says what is wrong with a token; the limit only keeps absurd ones away from it.
const token = z.string().min(1).max(256).describe('The bot token from BotFather');

export const registerBotSchema = z
  .strictObject({
    token,
    environment: z
      .enum(BOT_ENVIRONMENTS)
      .default('production')
      .describe("`test`: the bot was made in Telegram's test environment, where Stars are not real"),
    take_over: z.boolean().default(false).describe('Replace a webhook of another tool'),
  })
  .meta({ id: 'RegisterBot' });
export type RegisterBot = z.output<typeof registerBotSchema>;

export const rotateTokenSchema = z.strictObject({ token }).meta({ id: 'RotateToken' });
export type RotateToken = z.output<typeof rotateTokenSchema>;

const text = (most: number) => messageText(most).nullable().optional();

export const updateBotSchema = z
  .strictObject({
    support_text: text(1_000).describe('Sent on /paysupport; null for the usual one'),
    terms_text: text(4_000).describe('Sent on /terms; null for the usual ones'),
    terms_version: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .nullable()
      .optional()
      .describe(
        'What you call these terms, such as 2026-11. Buyers agree to it once before they buy; another version asks everybody again; null asks nobody',
      ),
    metadata: notes.optional(),
  })
  .meta({ id: 'UpdateBot' });
export type UpdateBot = z.output<typeof updateBotSchema>;

export const listBotsSchema = listQuery('bot', {});
export type ListBots = z.output<typeof listBotsSchema>;

export const botSchema = z
  .object({
    object: z.literal('bot'),
    id: z.string(),
    telegram_id: z.int(),
    environment: z.enum(BOT_ENVIRONMENTS).describe("Which of Telegram's two environments the bot lives in"),
    username: z.string(),
    name: z.string(),
    state: z
      .enum(['active', 'paused', 'token_invalid', 'removing', 'removed'])
      .describe('`removing`: it sells nothing and ends what it has begun; then it is `removed`.'),
    token_last4: z.string().describe('The last characters of the token; the rest is never shown'),
    support_text: z.string().nullable(),
    terms_text: z.string().nullable(),
    terms_version: z.string().nullable(),
    stopped: z
      .object({ since: z.iso.datetime(), reason: z.string().nullable() })
      .nullable()
      .describe(
        'Since when the staff of this platform have stopped the bot, and why: it sells nothing and hands nothing over.',
      ),
    metadata: notesView,
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Bot' });

const kind = z.enum(OBLIGATION_KINDS as [ObligationKind, ...ObligationKind[]]);

export const obligationSchema = z
  .object({
    object: z.literal('obligation'),
    kind,
    id: z
      .string()
      .describe('Of the subscription, charge, order, refund, question, link or spending; the number of an update.'),
    state: z.enum(['pending', 'failed']).describe('`failed`: it does not end by itself.'),
    reason: z.string().nullable(),
    remedy: z.string().nullable(),
  })
  .meta({ id: 'Obligation' });

export const obligationListSchema = listOf(obligationSchema).meta({ id: 'ObligationList' });
export const listObligationsSchema = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(100) });
export type ListObligations = z.output<typeof listObligationsSchema>;

export const removalSchema = z
  .object({
    object: z.literal('bot_removal'),
    bot_id: z.string(),
    state: z
      .enum(['running', 'stuck', 'done'])
      .describe('`stuck`: something could not be ended. Mend it, or send DELETE with `acknowledge_failures=true`.'),
    acknowledged: z.boolean().describe('Whether the bot may go although something could not be ended'),
    renewals_stopped: z
      .int()
      .describe('Subscriptions that run on for as long as they are paid, and are charged no more'),
    left: z.array(z.object({ kind, pending: z.int(), failed: z.int() })).describe('What is left to end, by kind'),
    failures: z.array(obligationSchema).describe('The first 20; GET /v1/bots/{id}/obligations lists more'),
    requested_at: z.iso.datetime(),
    ended_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'BotRemoval' });

export const botDetailsSchema = botSchema
  .extend({ removal: removalSchema.nullable().describe('The latest removal; null when there was none.') })
  .meta({ id: 'BotDetails' });

export const removeBotSchema = z.strictObject({
  acknowledge_failures: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .default(false)
    .describe(
      'Remove the bot although something cannot be ended: buyers may go on being charged, and you answer for it.',
    ),
});
export type RemoveBot = z.output<typeof removeBotSchema>;

export const botDetailsView = (bot: BotFacts, progress: RemovalProgress | undefined) => ({
  ...botView(bot),
  removal: progress === undefined ? null : removalView(progress),
});

export const botListSchema = listOf(botSchema).meta({ id: 'BotList' });

export const webhookSchema = z
  .object({
    object: z.literal('bot_webhook'),
    ours: z.boolean().describe('Whether the updates of this bot come here'),
    host: z.string().nullable(),
    pending_updates: z.int(),
    last_error_at: z.iso.datetime().nullable(),
    last_error: z.string().nullable().describe("In Telegram's words"),
    missing_updates: z
      .array(z.string())
      .describe('Kinds of updates that are needed here and do not come. POST /v1/bots/{id}/rotate-token mends it.'),
    inline_mode: z.boolean().describe('Whether people may type `@bot` in any chat: /setinline at BotFather'),
  })
  .meta({ id: 'BotWebhook' });

export const changeOf = ({
  support_text: supportText,
  terms_text: termsText,
  terms_version: termsVersion,
  metadata,
}: UpdateBot): BotChange => ({
  supportText,
  termsText,
  termsVersion,
  metadata,
});

export const webhookView = (facts: WebhookFacts) => ({
  object: 'bot_webhook' as const,
  ours: facts.ours,
  host: facts.host,
  pending_updates: facts.pendingUpdates,
  last_error_at: timeOrNull(facts.lastErrorAt),
  last_error: facts.lastError,
  missing_updates: [...facts.missingUpdates],
  inline_mode: facts.inlineMode,
});
