import type { Message, RefundedPayment, SuccessfulPayment } from 'grammy/types';
import { stars } from '#libs/kernel';
import { isAmount, isPersonId, type Payment, type StrayKind, type StrayPayment, type StrayReason } from '#libs/sales';

/** A payment or refund message from Telegram; every field may be missing. */
export type MoneyMessage = Partial<Pick<Message, 'chat' | 'from' | 'date'>>;
type Paid = Partial<SuccessfulPayment & RefundedPayment>;

export type Report = { readonly payment: Payment } | { readonly stray: StrayPayment };

/** The last second of the year 9999. */
const LAST_SECOND = 253_402_300_799;

/**
 * Reads a report of a payment or refund. A report that is not in Stars or has impossible values becomes a stray one: it
 * is stored without guessing anything.
 * @param of the update that contained it
 */
export function readReport(
  of: { readonly botId: string; readonly updateId: number; readonly kind: StrayKind },
  message: MoneyMessage,
  paid: Paid,
): Report {
  const { currency, total_amount: amount, telegram_payment_charge_id: chargeId, invoice_payload: payload } = paid;
  const buyerId = payerOf(message);
  const occurredAt = timeOf(message.date);
  const reason = strayReasonOf({ ...paid, buyerId, occurredAt });
  if (reason === undefined && buyerId !== undefined && occurredAt !== undefined) {
    return {
      payment: {
        botId: of.botId,
        buyerId,
        stars: stars(Number(amount)),
        payload: typeof payload === 'string' ? payload : '',
        telegramChargeId: String(chargeId),
        providerChargeId: paid.provider_payment_charge_id ?? null,
        occurredAt,
        source: 'update',
      },
    };
  }
  return {
    stray: {
      ...of,
      reason: reason ?? 'date',
      telegramChargeId: isName(chargeId) ? chargeId : null,
      currency: typeof currency === 'string' ? currency : null,
      amount: typeof amount === 'number' ? String(amount) : null,
      buyerId: buyerId ?? null,
      payload: typeof payload === 'string' ? payload : null,
      occurredAt: occurredAt ?? null,
    },
  };
}

/**
 * Bot API, SuccessfulPayment: every payment of a subscription is marked as recurring and has the end of the paid time.
 */
export function recurringOf(paid: Partial<SuccessfulPayment>): Payment['recurring'] {
  const { is_recurring: recurs, is_first_recurring: first = false } = paid;
  const until = timeOf(paid.subscription_expiration_date);
  return recurs === true && until !== undefined ? { until, first } : undefined;
}

type Read = Paid & { readonly buyerId: number | undefined; readonly occurredAt: Date | undefined };

function strayReasonOf({ buyerId, occurredAt, ...paid }: Read): StrayReason | undefined {
  if (!isName(paid.telegram_payment_charge_id)) return 'charge';
  if (buyerId === undefined) return 'payer';
  if (paid.currency !== 'XTR') return 'currency';
  if (!isAmount(paid.total_amount)) return 'amount';
  const until = paid.subscription_expiration_date;
  return occurredAt === undefined || (until !== undefined && timeOf(until) === undefined) ? 'date' : undefined;
}

/**
 * In a private chat the payer is the chat, even for a refund, whose message comes from the bot (Bot API server,
 * outgoing service message). In a group the payer is the sender.
 */
function payerOf({ chat, from }: MoneyMessage): number | undefined {
  const id = chat !== undefined && chat.id < 0 ? (from?.is_bot === false ? from.id : undefined) : chat?.id;
  return isPersonId(id) ? id : undefined;
}

const timeOf = (seconds: unknown): Date | undefined =>
  Number.isSafeInteger(seconds) && Number(seconds) > 0 && Number(seconds) <= LAST_SECOND
    ? new Date(Number(seconds) * 1_000)
    : undefined;

/** Lengths of up to 131 were observed. */
const isName = (id: unknown): id is string => typeof id === 'string' && id !== '' && id.length <= 1_024;
