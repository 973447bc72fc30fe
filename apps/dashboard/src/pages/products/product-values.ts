import type { Schema } from '#libs/client';
import { toLocal } from '../../parts/local-time';

type Product = Schema<'Product'>;
export type Kind = Product['kind'];

type Optional = number | undefined;
export type MediaItem = NonNullable<Schema<'CreateProduct'>['paid_media']>['items'][number];

/** The editor's fields. Empty numbers are undefined, empty texts are ''. */
export interface ProductValues {
  bot_id: string;
  kind: Kind;
  title: string;
  description: string;
  stars: Optional;
  stock: Optional;
  limit_per_buyer: Optional;
  /** In the viewer's zone, in the format of the browser's field. */
  sale_starts_at: string;
  sale_ends_at: string;
  position: Optional;
  tags: string;
  hidden: boolean;
  photo_file_id: string | null;
  content: string;
  file_id: string | null;
  credits: { unit: string; amount: Optional; expires_after_days: Optional };
  fulfilment_url: string;
  fulfilment_deadline_seconds: number;
  refund_at_deadline: boolean;
  licence_key: { low_stock_at: Optional };
  /** 0 means no reminder. */
  subscription: { period_seconds: number; grace_seconds: number; remind_seconds: number; win_back: boolean };
  paid_media: { items: MediaItem[] };
  paid_command: { command: string; credit_unit: string; credit_amount: Optional; needs_arguments: boolean };
  chat_access: { days: Optional; grace_seconds: number };
  chat_id: string;
}

const DAY = 86_400;

export const MONTH = 30 * DAY;

export const newProduct = (botId: string): ProductValues => ({
  bot_id: botId,
  kind: 'text',
  title: '',
  description: '',
  stars: undefined,
  stock: undefined,
  limit_per_buyer: undefined,
  sale_starts_at: '',
  sale_ends_at: '',
  position: undefined,
  tags: '',
  hidden: false,
  photo_file_id: null,
  content: '',
  file_id: null,
  credits: { unit: '', amount: undefined, expires_after_days: undefined },
  fulfilment_url: '',
  fulfilment_deadline_seconds: DAY,
  refund_at_deadline: true,
  licence_key: { low_stock_at: undefined },
  subscription: { period_seconds: MONTH, grace_seconds: DAY, remind_seconds: 3 * DAY, win_back: false },
  paid_media: { items: [] },
  paid_command: { command: '', credit_unit: '', credit_amount: undefined, needs_arguments: false },
  chat_access: { days: undefined, grace_seconds: DAY },
  chat_id: '',
});

const itemOf = ({
  type,
  file_id: fileId,
  telegram_file_id: telegramId,
}: NonNullable<Product['paid_media']>['items'][number]): MediaItem =>
  fileId === null ? { type, telegram_file_id: telegramId ?? '' } : { type, file_id: fileId };

export function valuesOf(product: Product): ProductValues {
  const usual = newProduct(product.bot_id);
  const {
    credits,
    licence_key: key,
    subscription,
    paid_media: media,
    paid_command: command,
    chat_access: access,
  } = product;
  return {
    ...usual,
    kind: product.kind,
    title: product.title,
    description: product.description,
    stars: product.stars,
    stock: product.stock ?? undefined,
    limit_per_buyer: product.limit_per_buyer ?? undefined,
    sale_starts_at: toLocal(product.sale_starts_at),
    sale_ends_at: toLocal(product.sale_ends_at),
    position: product.position,
    tags: product.tags.join(', '),
    hidden: product.hidden,
    photo_file_id: product.photo_file_id,
    content: product.content ?? '',
    file_id: product.file_id,
    credits:
      credits === null ? usual.credits : { ...credits, expires_after_days: credits.expires_after_days ?? undefined },
    fulfilment_url: product.fulfilment_url ?? '',
    fulfilment_deadline_seconds: product.fulfilment_deadline_seconds ?? DAY,
    refund_at_deadline: product.refund_at_deadline ?? true,
    licence_key: { low_stock_at: key?.low_stock_at ?? undefined },
    subscription:
      subscription === null
        ? usual.subscription
        : { ...subscription, remind_seconds: subscription.remind_seconds ?? 0 },
    paid_media: { items: (media?.items ?? []).map(itemOf) },
    paid_command:
      command === null
        ? usual.paid_command
        : { ...command, credit_unit: command.credit_unit ?? '', credit_amount: command.credit_amount ?? undefined },
    chat_access: access === null ? usual.chat_access : { ...access, days: access.days ?? undefined },
    chat_id: product.chat_id ?? '',
  };
}
