import { z } from 'zod';
import { publicId, type Shown, shownTime } from '#libs/kernel';
import type { AlertChatFacts } from './alert.js';

/** The meaning of each switch, in the API's terms. */
export const ALERT_SWITCHES = {
  sales: 'Every sale for Stars, at most 20 a minute.',
  failures: 'Paid orders that could not be delivered, and products that Telegram does not let anyone buy.',
  support: "Buyers' messages to support. Reply to such an alert in Telegram to answer the buyer.",
} as const;

export const alertsViewSchema = z
  .object({
    object: z.literal('alerts'),
    bot_id: z.string(),
    telegram_id: z.int(),
    sales: z.boolean().describe(ALERT_SWITCHES.sales),
    failures: z.boolean().describe(ALERT_SWITCHES.failures),
    support: z.boolean().describe(ALERT_SWITCHES.support),
    reachable: z
      .boolean()
      .describe(
        'False if the bot cannot write to you because you blocked it or it was removed. Press Start to get missed alerts.',
      ),
    missed: z
      .int()
      .describe('Number of alerts that are sent when you can be reached again, at most 20. Sales are not included.'),
    created_at: shownTime,
  })
  .meta({ id: 'Alerts' });

/** An alert chat as the API and events show it. */
export const alertsView = (chat: AlertChatFacts): Shown<typeof alertsViewSchema> => ({
  object: 'alerts' as const,
  bot_id: publicId('bot', chat.botId),
  telegram_id: chat.telegramId,
  sales: chat.sales,
  failures: chat.failures,
  support: chat.support,
  reachable: chat.reachable,
  missed: chat.missed.length,
  created_at: chat.createdAt.toISOString(),
});
