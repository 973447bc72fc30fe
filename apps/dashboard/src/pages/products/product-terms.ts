import type { Schema } from '#libs/client';
import { MONTH, type ProductValues } from './product-values';

/** The facts about a product that depend on its kind. */
export interface Terms {
  /** Can be set only when the product is created. */
  readonly first: Partial<Schema<'CreateProduct'>>;
  /** Can also be changed later. */
  readonly later: Partial<Schema<'CreateProduct'>>;
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

const ofServer = ({ fulfilment_deadline_seconds: deadline, refund_at_deadline: refund }: ProductValues) => ({
  fulfilment_deadline_seconds: deadline,
  refund_at_deadline: refund,
});

export const ofWritten = ({ content }: ProductValues): Terms => ({ first: {}, later: { content: content.trim() } });

export const ofFile = ({ file_id: file }: ProductValues): Terms => ({ first: {}, later: { file_id: file } });

export const ofCredits = ({ credits }: ProductValues): Terms => ({
  first: {
    credits: {
      unit: credits.unit.trim(),
      amount: credits.amount ?? 0,
      expires_after_days: credits.expires_after_days ?? null,
    },
  },
  later: {},
});

export const ofCallback = (values: ProductValues): Terms => ({
  first: ofServer(values),
  later: { fulfilment_url: values.fulfilment_url.trim() },
});

export const ofLicenceKey = ({ licence_key: { low_stock_at: low } }: ProductValues): Terms => ({
  first: {},
  later: { licence_key: { low_stock_at: low ?? null } },
});

export const ofSubscription = ({ subscription: terms, chat_id: chat }: ProductValues): Terms => {
  const { period_seconds: period, remind_seconds: remind, ...rest } = terms;
  const later = { ...rest, remind_seconds: remind === 0 ? null : remind };
  return {
    first: {
      subscription: { ...later, ...(isPeriod(period) ? { period_seconds: period } : {}) },
      ...(chat === '' ? {} : { chat_id: chat }),
    },
    later: { subscription: later },
  };
};

export const ofPaidMedia = ({ paid_media: media }: ProductValues): Terms => ({
  first: { paid_media: media },
  later: { paid_media: media },
});

export const ofPaidCommand = (values: ProductValues): Terms => {
  const { command, credit_unit: unit, credit_amount: amount, needs_arguments: needs } = values.paid_command;
  const name = command.trim().replace(/^\//, '');
  const terms = { command: name, credit_unit: orNull(unit), credit_amount: amount ?? null, needs_arguments: needs };
  return {
    first: { ...ofServer(values), paid_command: terms },
    later: { fulfilment_url: values.fulfilment_url.trim(), paid_command: terms },
  };
};

export const ofChatAccess = ({ chat_access: { days, grace_seconds: grace }, chat_id: chat }: ProductValues): Terms => ({
  first: { chat_access: { days: days ?? null, grace_seconds: grace }, chat_id: chat },
  later: { chat_access: { grace_seconds: grace } },
});

const PERIODS = [MONTH, 60, 300] as const;
const isPeriod = (seconds: number): seconds is 2_592_000 | 60 | 300 => PERIODS.some((one) => one === seconds);
