import { z } from 'zod';
import { publicId, type Shown, shownTime, timeOrNull } from '#libs/kernel';
import { BOT_ENVIRONMENTS } from '../bots/bot.js';
import { LINK_STATES, stateOfLink } from './telegram-link.js';
import type { TelegramLink } from './telegram-links.service.js';

export const telegramLinkSchema = z
  .object({
    object: z.literal('telegram_link'),
    id: z.string(),
    state: z
      .enum(LINK_STATES)
      .describe(
        '`open`: the code has not been used yet. `linked`: the person acts as this member. `ended`: unlinked, or replaced.',
      ),
    account_id: z.string().describe('The member.'),
    role: z.enum(['owner', 'admin', 'support', 'viewer']).describe("The member's current role."),
    bot_id: z.string().describe('The bot that receives the code. A link is valid for every bot of the workspace.'),
    environment: z.enum(BOT_ENVIRONMENTS).describe('The environment of Telegram in which the person has this id.'),
    telegram_id: z.int().nullable().describe('The person; null until the code is used.'),
    name: z.string().nullable().describe("The person's name in Telegram."),
    linked_at: shownTime.nullable(),
    expires_at: shownTime.describe('The time at which the code expires. A link does not expire.'),
    created_at: shownTime,
  })
  .meta({ id: 'TelegramLink' });

/** A link as the API shows it. */
export const telegramLinkView = (link: TelegramLink, now: Date): Shown<typeof telegramLinkSchema> => ({
  object: 'telegram_link',
  id: publicId('telegramLink', link.id),
  state: stateOfLink(link, now),
  account_id: publicId('account', link.accountId),
  role: link.role,
  bot_id: publicId('bot', link.botId),
  environment: link.environment,
  telegram_id: link.telegramId,
  name: link.name,
  linked_at: timeOrNull(link.linkedAt),
  expires_at: link.expiresAt.toISOString(),
  created_at: link.createdAt.toISOString(),
});
