import { parseId, publicId } from '#libs/kernel';

/** The terms of an invoice that anyone can pay, repeatedly: it has no order until someone pays. */
export interface Offer {
  /** UUID. */
  readonly productId: string;
  /** The price that the invoice shows. */
  readonly priceVersion: number;
  /** The place where it was published, at most 64 characters of A-Z a-z 0-9 _ -. */
  readonly source?: string | undefined;
}

const PAYLOAD = /^offer:(prod_[0-9a-z]{26}):([1-9]\d{0,8})(?::([A-Za-z0-9_-]{1,64}))?$/;

/**
 * The payload of such an invoice, at most 112 of Telegram's 128 bytes. It identifies but proves nothing: everything in
 * it is looked up in the tenant of the bot that received the query, and the price is compared with Telegram's.
 */
export function offerPayload({ productId, priceVersion, source }: Offer): string {
  const named = `offer:${publicId('product', productId)}:${priceVersion}`;
  return source === undefined ? named : `${named}:${source}`;
}

/** @returns undefined when the payload is not of an offer */
export function offerOf(payload: string): Offer | undefined {
  const [, product = '', version, source] = PAYLOAD.exec(payload) ?? [];
  const productId = parseId('product', product);
  return productId === undefined ? undefined : { productId, priceVersion: Number(version), source };
}
