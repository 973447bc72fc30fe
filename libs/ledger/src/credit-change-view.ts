import { z } from 'zod';
import { publicId, type Shown, shownTime } from '#libs/kernel';
import { CREDIT_CAUSES, CREDIT_CHANGES, type CreditCause } from './credit.js';
import { type Account, clawBackSchema, standing, standingView } from './credit-view.js';

/** A change of a buyer's credits, as its event shows it. */
export const creditChangeSchema = z
  .object({
    object: z.literal('credit_change'),
    change: z.enum(CREDIT_CHANGES),
    amount: z.int().describe('Not signed.'),
    ...standing,
    cause: z.enum(Object.keys(CREDIT_CAUSES) as [CreditCause, ...CreditCause[]]),
    cause_id: z.string().describe('The charge, grant, debit, reservation or refund that caused it.'),
    reason: z.string().nullable(),
    expires_at: shownTime.nullable().optional().describe('Expiry of credits that were bought or granted.'),
  })
  .meta({ id: 'CreditChange' });

/** The result of taking back credits for a refund, as its event shows it. */
export const creditClawBackSchema = creditChangeSchema
  .extend(clawBackSchema.omit({ unit: true, reserved: true }).partial().shape)
  .meta({ id: 'CreditClawBack' });

interface CreditMove {
  readonly cause: CreditCause;
  readonly causeId: string;
  readonly amount: number;
  readonly reason: string | null;
}

/** @param move with an unsigned amount */
export const creditChangeView = (account: Account, move: CreditMove): Shown<typeof creditChangeSchema> => ({
  object: 'credit_change',
  change: CREDIT_CAUSES[move.cause].change,
  amount: move.amount,
  ...standingView(account),
  cause: move.cause,
  cause_id: publicId(CREDIT_CAUSES[move.cause].of, move.causeId),
  reason: move.reason,
});
