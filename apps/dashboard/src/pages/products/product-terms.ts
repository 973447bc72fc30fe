import type { Schema } from '#libs/client';
import { type Kind, MONTH, type ProductValues } from './product-values';

interface Terms {
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

const written = ({ content }: ProductValues): Terms => ({ first: {}, later: { content: content.trim() } });

const TERMS: Readonly<Record<Kind, (values: ProductValues) => Terms>> = {
  text: written,
  link: written,
  file: ({ file_id: file }) => ({ first: {}, later: { file_id: file } }),
  credits: ({ credits }) => ({
    first: {
      credits: {
        unit: credits.unit.trim(),
        amount: credits.amount ?? 0,
        expires_after_days: credits.expires_after_days ?? null,
      },
    },
    later: {},
  }),
  callback: (values) => ({ first: ofServer(values), later: { fulfilment_url: values.fulfilment_url.trim() } }),
  licence_key: ({ licence_key: { low_stock_at: low } }) => ({
    first: {},
    later: { licence_key: { low_stock_at: low ?? null } },
  }),
  subscription: ({ subscription: terms, chat_id: chat }) => {
    const { period_seconds: period, remind_seconds: remind, ...rest } = terms;
    const later = { ...rest, remind_seconds: remind === 0 ? null : remind };
    return {
      first: {
        subscription: { ...later, ...(isPeriod(period) ? { period_seconds: period } : {}) },
        ...(chat === '' ? {} : { chat_id: chat }),
      },
      later: { subscription: later },
    };
  },
  paid_media: ({ paid_media: media }) => ({ first: { paid_media: media }, later: { paid_media: media } }),
  paid_command: (values) => {
    const { command, credit_unit: unit, credit_amount: amount, needs_arguments: needs } = values.paid_command;
    const name = command.trim().replace(/^\//, '');
    const terms = { command: name, credit_unit: orNull(unit), credit_amount: amount ?? null, needs_arguments: needs };
    return {
      first: { ...ofServer(values), paid_command: terms },
      later: { fulfilment_url: values.fulfilment_url.trim(), paid_command: terms },
    };
  },
  chat_access: ({ chat_access: { days, grace_seconds: grace }, chat_id: chat }) => ({
    first: { chat_access: { days: days ?? null, grace_seconds: grace }, chat_id: chat },
    later: { chat_access: { grace_seconds: grace } },
  }),
};

const PERIODS = [MONTH, 60, 300] as const;
const isPeriod = (seconds: number): seconds is 2_592_000 | 60 | 300 => PERIODS.some((one) => one === seconds);

/** The facts about a product that depend on its kind. */
export const termsOf = (values: ProductValues): Terms => TERMS[values.kind](values);
