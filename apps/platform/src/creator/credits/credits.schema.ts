import { z } from 'zod';
import { CREDIT_UNIT, MAX_CREDITS } from '#libs/kernel';
import { RESERVATION_DEFAULT_MS, RESERVATION_MAX_MS } from '#libs/ledger';
import { listOf, listQuery } from '../../http/schema.js';

const time = z.iso.datetime();
const MAX_TELEGRAM_ID = 2 ** 52;

/** A Telegram id in a path; Telegram promises at most 52 significant bits. */
export const buyerIdSchema = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, { error: 'must be a Telegram user id' })
  .transform(Number)
  .refine((id) => id < MAX_TELEGRAM_ID, { error: 'must be a Telegram user id' });

export const unitSchema = z.string().regex(CREDIT_UNIT, { error: 'must have 1 to 32 characters of a-z, 0-9, _ and -' });

const amount = z.int().min(1).max(MAX_CREDITS).describe('Whole credits.');
// PostgreSQL stores no NUL, and half of a surrogate pair is no text.
const reason = z
  .string()
  .min(1)
  .refine((text) => [...text].length <= 255, { error: 'must have at most 255 characters' })
  .refine((text) => text.isWellFormed() && !text.includes('\0'), { error: 'must be well-formed text without NUL' })
  .nullable()
  .default(null)
  .describe('For the history, 1 to 255 characters. Buyers do not see it.');

export const grantSchema = z
  .strictObject({
    amount,
    expires_at: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .nullable()
      .default(null)
      .describe('When they run out. null: never.'),
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
      .describe('After that it lets go of the credits by itself.'),
    reason,
  })
  .meta({ id: 'ReserveCredits' });
export type Reserve = z.infer<typeof reserveSchema>;

export const commitSchema = z
  .strictObject({ amount: amount.optional().describe('All that was reserved when left out; the rest is let go.') })
  .default({})
  .meta({ id: 'CommitCredits' });
export type Commit = z.infer<typeof commitSchema>;

export const releaseSchema = z.strictObject({}).default({}).meta({ id: 'ReleaseCredits' });

export const entriesQuerySchema = listQuery('creditEntry', {});
export type EntriesQuery = z.infer<typeof entriesQuerySchema>;

const standing = {
  buyer_telegram_id: z.int(),
  unit: z.string(),
  balance: z.int().describe('All that the buyer holds; the sum of the entries.'),
  reserved: z.int().describe('The part of it that open reservations hold.'),
  available: z.int().describe('What can be spent: balance less reserved.'),
};

const lotSchema = z
  .object({
    object: z.literal('credit_lot'),
    id: z.string(),
    charge_id: z.string().nullable().describe('The charge that bought it. null: it was granted.'),
    amount: z.int(),
    remaining: z.int(),
    reserved: z.int(),
    expires_at: time.nullable(),
    created_at: time,
  })
  .meta({ id: 'CreditLot' });

export const balanceSchema = z
  .object({
    object: z.literal('credit_balance'),
    ...standing,
    lots: z.array(lotSchema).describe('In the order in which they are spent: oldest expiry first. The first 100.'),
  })
  .meta({ id: 'CreditBalance' });

export const balanceListSchema = listOf(balanceSchema).meta({ id: 'CreditBalanceList' });

export const entryListSchema = listOf(
  z
    .object({
      object: z.literal('credit_entry'),
      id: z.string(),
      number: z.int().describe('Counts the entries of this buyer and unit from 1, without a gap.'),
      change: z.enum(['granted', 'spent', 'expired', 'clawed_back', 'restored']),
      amount: z.int().describe('Signed.'),
      balance: z.int().describe('After this entry.'),
      cause: z.string(),
      cause_id: z.string().describe('What it was: a charge, a grant, a debit, a reservation or a refund.'),
      lot_id: z.string(),
      reason: z.string().nullable(),
      created_at: time,
    })
    .meta({ id: 'CreditEntry' }),
).meta({ id: 'CreditEntryList' });

export const grantViewSchema = z
  .object({
    object: z.literal('credit_grant'),
    id: z.string(),
    amount: z.int(),
    reason: z.string().nullable(),
    expires_at: time.nullable(),
    ...standing,
    created_at: time,
  })
  .meta({ id: 'CreditGrant' });

export const debitViewSchema = z
  .object({
    object: z.literal('credit_debit'),
    id: z.string(),
    amount: z.int(),
    reason: z.string().nullable(),
    ...standing,
    created_at: time,
  })
  .meta({ id: 'CreditDebit' });

export const reservationViewSchema = z
  .object({
    object: z.literal('credit_reservation'),
    id: z.string(),
    state: z.enum(['open', 'committed', 'released', 'expired']),
    buyer_telegram_id: z.int(),
    unit: z.string(),
    amount: z.int(),
    committed: z.int().nullable(),
    reason: z.string().nullable(),
    order_id: z
      .string()
      .nullable()
      .describe('The order that it pays for, and ends with. null: your server asked for it.'),
    expires_at: time.nullable(),
    closed_at: time.nullable(),
    created_at: time,
  })
  .meta({ id: 'CreditReservation' });
