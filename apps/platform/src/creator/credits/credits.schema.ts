import { z } from 'zod';
import { CREDIT_UNIT, MAX_CREDITS } from '#libs/kernel';
import { balanceSchema, creditEntrySchema, RESERVATION_DEFAULT_MS, RESERVATION_MAX_MS } from '#libs/ledger';
import { listOf, listQuery } from '../../http/schema.js';

const MAX_TELEGRAM_ID = 2 ** 52;

/** A Telegram id in a path; Telegram promises at most 52 significant bits. */
export const buyerIdSchema = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, { error: 'must be a Telegram user id' })
  .transform(Number)
  .refine((id) => id < MAX_TELEGRAM_ID, { error: 'must be a Telegram user id' });

export const unitSchema = z.string().regex(CREDIT_UNIT, { error: 'must have 1 to 32 characters of a-z, 0-9, _ and -' });

const amount = z.int().min(1).max(MAX_CREDITS).describe('Whole credits.');
// PostgreSQL does not store NUL, and half of a surrogate pair is not a character.
const reason = z
  .string()
  .min(1)
  .refine((text) => [...text].length <= 255, { error: 'must have at most 255 characters' })
  .refine((text) => text.isWellFormed() && !text.includes('\0'), { error: 'must be well-formed text without NUL' })
  .nullable()
  .default(null)
  .describe('The reason, shown in the history: 1 to 255 characters. Buyers do not see it.');

export const grantSchema = z
  .strictObject({
    amount,
    expires_at: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .nullable()
      .default(null)
      .describe('The time at which they expire. null: never.'),
    reason,
  })
  .meta({ id: 'GrantCredits' });
export type Grant = z.infer<typeof grantSchema>;

export const debitSchema = z.strictObject({ amount, reason }).meta({ id: 'DebitCredits' });
export type Debit = z.infer<typeof debitSchema>;

export const reserveSchema = z
  .strictObject({
    amount,
    expires_in_seconds: z
      .int()
      .min(1)
      .max(RESERVATION_MAX_MS / 1_000)
      .default(RESERVATION_DEFAULT_MS / 1_000)
      .describe('The time at which the credits are released automatically.'),
    reason,
  })
  .meta({ id: 'ReserveCredits' });
export type Reserve = z.infer<typeof reserveSchema>;

export const commitSchema = z
  .strictObject({
    amount: amount.optional().describe('The amount to spend: the whole reservation if omitted. The rest is released.'),
  })
  .default({})
  .meta({ id: 'CommitCredits' });
export type Commit = z.infer<typeof commitSchema>;

export const releaseSchema = z.strictObject({}).default({}).meta({ id: 'ReleaseCredits' });

export const entriesQuerySchema = listQuery('creditEntry', {});
export type EntriesQuery = z.infer<typeof entriesQuerySchema>;

export const balanceListSchema = listOf(balanceSchema).meta({ id: 'CreditBalanceList' });

export const entryListSchema = listOf(creditEntrySchema).meta({ id: 'CreditEntryList' });
