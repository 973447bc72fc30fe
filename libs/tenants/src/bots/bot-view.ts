import { z } from 'zod';
import { publicId, type Shown, shownNotes, shownTime } from '#libs/kernel';
import { BOT_ENVIRONMENTS, type BotFacts, SHOWN_BOT_STATES, type ShownBotState } from './bot.js';

export const botSchema = z
  .object({
    object: z.literal('bot'),
    id: z.string(),
    telegram_id: z.int(),
    environment: z.enum(BOT_ENVIRONMENTS).describe("The bot's environment at Telegram"),
    username: z.string(),
    name: z.string(),
    state: z
      .enum(SHOWN_BOT_STATES)
      .describe('`removing`: it no longer sells, and fulfils its obligations; then it is `removed`.'),
    token_last4: z.string().describe('The last characters of the token; the rest is never shown'),
    support_text: z.string().nullable(),
    terms_text: z.string().nullable(),
    terms_version: z.string().nullable(),
    stopped: z
      .object({ since: shownTime, reason: z.string().nullable() })
      .nullable()
      .describe(
        'The time at which and the reason why the platform’s staff have stopped the bot. It sells and delivers nothing.',
      ),
    metadata: shownNotes,
    created_at: shownTime,
  })
  .meta({ id: 'Bot' });

/** The time and reason at which staff have stopped a bot, for views. */
export const stoppedView = ({ stoppedAt, stoppedBecause }: Pick<BotFacts, 'stoppedAt' | 'stoppedBecause'>) =>
  stoppedAt === null ? null : { since: stoppedAt.toISOString(), reason: stoppedBecause };

/** A bot as the API and events show it. It contains just enough of the token to distinguish it from another. */
export const botView = (bot: BotFacts): Shown<typeof botSchema> => ({
  object: 'bot' as const,
  id: publicId('bot', bot.id),
  telegram_id: bot.telegramId,
  environment: bot.environment,
  username: bot.username,
  name: bot.name,
  state: shownState(bot),
  token_last4: bot.tokenLast4,
  support_text: bot.supportText,
  terms_text: bot.termsText,
  terms_version: bot.termsVersion,
  stopped: stoppedView(bot),
  metadata: bot.metadata,
  created_at: bot.createdAt.toISOString(),
});

/** @throws Error for a bot that is being registered, which must not be visible yet */
function shownState({ state }: BotFacts): ShownBotState {
  if (state === 'registering') throw new Error('a bot that is being registered is not shown');
  return state;
}
