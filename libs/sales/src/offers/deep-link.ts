import { publicId } from '#libs/kernel';

/**
 * An address that opens the bot: on a product's card, or with its invoice.
 * @param source at most 27 characters, so that the start parameter has at most 64 (Bot API, deep linking)
 */
export function deepLink(username: string, way: 'card' | 'buy', productId: string, source: string | undefined): string {
  const product = publicId('product', productId);
  return `https://t.me/${username}?start=${way}_${source === undefined ? product : `${product}-${source}`}`;
}
