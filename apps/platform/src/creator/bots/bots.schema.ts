import { z } from 'zod';
import { obligationSchema, type RemovalProgress, removalSchema, removalView } from '#libs/rights';
import { BOT_ENVIRONMENTS, type BotChange, type BotFacts, botSchema, botView, type WebhookFacts } from '#libs/tenants';
import { listOf, listQuery, messageText, notes, timeOrNull } from '../../http/schema.js';
import { type Shown } from '#libs/kernel';

// The service validates tokens; this limit only rejects absurd ones.
const token = z.string().min(1).max(256).describe('The bot token from BotFather');

export const registerBotSchema = z
  .strictObject({
    token,
    environment: z
      .enum(BOT_ENVIRONMENTS)
      .default('production')
      .describe("`test`: the bot was created in Telegram's test environment, where Stars are not real"),
    take_over: z.boolean().default(false).describe('Replace the webhook of another tool'),
  })
  .meta({ id: 'RegisterBot' });
export type RegisterBot = z.output<typeof registerBotSchema>;

export const rotateTokenSchema = z.strictObject({ token }).meta({ id: 'RotateToken' });
export type RotateToken = z.output<typeof rotateTokenSchema>;

const text = (most: number) => messageText(most).nullable().optional();

export const updateBotSchema = z
  .strictObject({
    support_text: text(1_000).describe('Sent on /paysupport; null for the default text'),
    terms_text: text(4_000).describe('Sent on /terms; null for the default text'),
    terms_version: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .nullable()
      .optional()
      .describe(
        'Your name for these terms, such as 2026-11. Buyers agree to it once before they buy; a new version asks everyone again; null asks no one',
      ),
    metadata: notes.optional(),
  })
  .meta({ id: 'UpdateBot' });
export type UpdateBot = z.output<typeof updateBotSchema>;

export const listBotsSchema = listQuery('bot', {});
export type ListBots = z.output<typeof listBotsSchema>;

export const obligationListSchema = listOf(obligationSchema).meta({ id: 'ObligationList' });
export const listObligationsSchema = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(100) });
export type ListObligations = z.output<typeof listObligationsSchema>;

export const botDetailsSchema = botSchema
  .extend({ removal: removalSchema.nullable().describe('The latest removal; null when there was none.') })
  .meta({ id: 'BotDetails' });

export const removeBotSchema = z.strictObject({
  acknowledge_failures: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .default(false)
    .describe(
      'Remove the bot although something cannot be ended: buyers may continue to be charged, and you are responsible.',
    ),
});
export type RemoveBot = z.output<typeof removeBotSchema>;

export const botDetailsView = (
  bot: BotFacts,
  progress: RemovalProgress | undefined,
): Shown<typeof botDetailsSchema> => ({
  ...botView(bot),
  removal: progress === undefined ? null : removalView(progress),
});

export const botListSchema = listOf(botSchema).meta({ id: 'BotList' });

export const webhookSchema = z
  .object({
    object: z.literal('bot_webhook'),
    ours: z.boolean().describe("True when this bot's updates arrive here"),
    host: z.string().nullable(),
    pending_updates: z.int(),
    last_error_at: z.iso.datetime().nullable(),
    last_error: z.string().nullable().describe("Telegram's error message"),
    missing_updates: z
      .array(z.string())
      .describe('Types of updates that Starwall needs but does not receive. POST /v1/bots/{id}/rotate-token fixes it.'),
    inline_mode: z.boolean().describe('True when people can type `@bot` in any chat: /setinline in BotFather'),
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

export const webhookView = (facts: WebhookFacts): Shown<typeof webhookSchema> => ({
  object: 'bot_webhook' as const,
  ours: facts.ours,
  host: facts.host,
  pending_updates: facts.pendingUpdates,
  last_error_at: timeOrNull(facts.lastErrorAt),
  last_error: facts.lastError,
  missing_updates: [...facts.missingUpdates],
  inline_mode: facts.inlineMode,
});
