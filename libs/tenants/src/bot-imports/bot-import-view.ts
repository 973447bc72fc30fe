import { z } from 'zod';
import { idOrNull, publicId, type Shown, shownTime, timeOrNull } from '#libs/kernel';
import { BOT_ENVIRONMENTS } from '../bots/bot.js';
import { IMPORT_STATES, LINE_STATES } from './bot-import.js';
import type { BotImportLineRow } from './bot-import.entity.js';
import type { ImportProgress } from './bot-imports.service.js';

export const botImportSchema = z
  .object({
    object: z.literal('bot_import'),
    id: z.string(),
    state: z.enum(IMPORT_STATES),
    environment: z.enum(BOT_ENVIRONMENTS),
    take_over: z.boolean(),
    lines: z.int().describe('Lines of the file with a token.'),
    waiting: z.int(),
    registered: z.int(),
    failed: z.int(),
    canceled: z.int(),
    created_by: z.string(),
    created_at: shownTime,
    finished_at: shownTime.nullable(),
  })
  .meta({ id: 'BotImport' });

export const botImportLineSchema = z
  .object({
    object: z.literal('bot_import_line'),
    id: z.string(),
    line: z.int().describe('The line number in the file, from 1.'),
    state: z.enum(LINE_STATES),
    token_last4: z.string().nullable().describe('Null for a line that is not a token, or repeats one.'),
    bot_id: z.string().nullable(),
    attempts: z.int(),
    code: z
      .string()
      .nullable()
      .describe('The reason why it failed or waits for another attempt: the same error as from `POST /v1/bots`.'),
    error: z.string().nullable(),
    remedy: z.string().nullable(),
    updated_at: shownTime,
  })
  .meta({ id: 'BotImportLine' });

/** An import as the API shows it. */
export const botImportView = (it: ImportProgress): Shown<typeof botImportSchema> => ({
  object: 'bot_import',
  id: publicId('botImport', it.id),
  state: it.state,
  environment: it.environment,
  take_over: it.takeOver,
  lines: it.lines,
  waiting: it.waiting,
  registered: it.registered,
  failed: it.failed,
  canceled: it.canceled,
  created_by: publicId('account', it.createdBy),
  created_at: it.createdAt.toISOString(),
  finished_at: timeOrNull(it.finishedAt),
});

/** A line as the API shows it, without its token. */
export const botImportLineView = (line: BotImportLineRow): Shown<typeof botImportLineSchema> => ({
  object: 'bot_import_line',
  id: publicId('botImportLine', line.id),
  line: line.line,
  state: line.state,
  token_last4: line.tokenLast4,
  bot_id: idOrNull('bot', line.botId),
  attempts: line.attempts,
  code: line.code,
  error: line.error,
  remedy: line.remedy,
  updated_at: line.updatedAt.toISOString(),
});
