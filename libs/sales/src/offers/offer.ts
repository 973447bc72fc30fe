import { isPersonal, type Product } from '#libs/catalog';
import { DomainError, parseId, publicId } from '#libs/kernel';

/** What an invoice asks for that anybody may pay, and many may: no order stands behind it until somebody pays. */
export interface Offer {
  /** UUID. */
  readonly productId: string;
  /** The price that the invoice shows. */
  readonly priceVersion: number;
  /** Where it stands, at most 64 characters of A-Z a-z 0-9 _ -. */
  readonly source?: string | undefined;
}

const PAYLOAD = /^offer:(prod_[0-9a-z]{26}):([1-9]\d{0,8})(?::([A-Za-z0-9_-]{1,64}))?$/;

/**
 * The payload of such an invoice, at most 112 of Telegram's 128 bytes. It is a name and no proof: whatever it says is looked up in
 * the tenant whose bot was asked, and the price is compared with what Telegram takes.
 */
export function offerPayload({ productId, priceVersion, source }: Offer): string {
  const named = `offer:${publicId('product', productId)}:${priceVersion}`;
  return source === undefined ? named : `${named}:${source}`;
}

/** @returns undefined when the payload is no offer's */
export function offerOf(payload: string): Offer | undefined {
  const [, product = '', version, source] = PAYLOAD.exec(payload) ?? [];
  const productId = parseId('product', product);
  return productId === undefined ? undefined : { productId, priceVersion: Number(version), source };
}

/** Whether an invoice that says nothing of its buyer can sell it: it needs no payload and no words of theirs, and it costs Stars. */
export const isForEverybody = ({ kind, stars, terms }: Pick<Product, 'kind' | 'stars' | 'terms'>) =>
  !isPersonal(kind) && stars > 0 && terms.paid_command?.needsArguments !== true;

export class NotForEverybody extends DomainError {
  static readonly code = 'not_for_everybody';
  static readonly refusal = 'conflict';
  readonly remedy = 'Give buyers the link of GET /v1/products/{id}/links: the bot makes an invoice for each of them.';

  constructor() {
    super(
      'There is no invoice for this that anybody may pay: each buyer of it gets one in the chat, or pays with credits.',
    );
  }
}
