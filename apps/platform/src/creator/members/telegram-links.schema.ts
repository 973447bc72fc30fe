import { z } from 'zod';
import { telegramLinkSchema } from '#libs/tenants';
import { idOf, listOf, listQuery } from '../../http/schema.js';

export const createTelegramLinkSchema = z
  .strictObject({ bot_id: idOf('bot').describe('The bot that receives the code.') })
  .meta({ id: 'CreateTelegramLink' });
export type CreateTelegramLink = z.output<typeof createTelegramLinkSchema>;

export const newTelegramLinkSchema = telegramLinkSchema
  .extend({ url: z.string().describe('Open it in Telegram with your own account, and press Start. Shown only here.') })
  .meta({ id: 'NewTelegramLink' });

export const listTelegramLinksSchema = listQuery('telegramLink', {});
export type ListTelegramLinks = z.output<typeof listTelegramLinksSchema>;

export const telegramLinkListSchema = listOf(telegramLinkSchema).meta({ id: 'TelegramLinkList' });
