import { z } from 'zod';
import { BOT_ENVIRONMENTS, botImportLineSchema, botImportSchema, LINE_STATES } from '#libs/tenants';
import { listOf, listQuery } from '../../http/schema.js';

export const importBotsSchema = z.strictObject({
  environment: z.enum(BOT_ENVIRONMENTS).default('production').describe('The environment of all bots in the file.'),
  take_over: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .default(false)
    .describe('Replace the webhooks of other tools.'),
});
export type ImportBots = z.output<typeof importBotsSchema>;

export const botImportListSchema = listOf(botImportSchema).meta({ id: 'BotImportList' });
export const listBotImportsSchema = listQuery('botImport', {});
export type ListBotImports = z.output<typeof listBotImportsSchema>;

export const botImportLineListSchema = listOf(botImportLineSchema).meta({ id: 'BotImportLineList' });
export const listImportLinesSchema = listQuery('botImportLine', { state: z.enum(LINE_STATES).optional() });
export type ListImportLines = z.output<typeof listImportLinesSchema>;
