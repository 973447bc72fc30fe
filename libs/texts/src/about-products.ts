import { isUnitKey } from './units.js';
import { type OwnKey, TEXT_KEYS, type TextKey } from './texts.js';

const FAMILIES = /^(product|card|post|checkout|invoice|media|receipt|use|inline)\./;
const OTHERS: readonly TextKey[] = [
  'shop.product',
  'shop.product_credits',
  'shop.sold_out',
  'stars.how',
  'stars.help',
  'payment.refunded',
  'payment.refund_delayed',
  'goods.open',
  'goods.copy',
  'goods.credits',
  'goods.credits_until',
  'goods.generating',
  'goods.failed',
  'goods.undelivered',
  'goods.failed_refunding',
  'goods.failed_credits',
  'access.open',
  'access.open_until',
  'access.join',
  'access.inside',
  'access.inside_until',
  'access.ends_soon',
  'access.extend_how',
  'access.extend',
  'orders.line',
  'orders.line_credits',
  'promo.percent_product',
  'promo.stars_product',
  'subscription.offer',
  'subscription.subscribe',
  'subscription.begins',
  'subscription.goes_on',
  'subscription.runs',
  'subscription.ended',
  'subscription.failed',
  'subscription.ends_soon',
  'subscription.farewell',
  'subscription.come_back',
  'subscription.again',
  'subscription.line',
  'subscription.line_canceled',
  'subscription.switch_on',
  'subscription.cancel',
  'subscription.cancel_sure',
  'subscription.cancel_yes',
  'subscription.cancel_no',
  'subscription.kept',
  'subscription.pay_now',
  'subscription.canceled',
  'subscription.resume',
  'subscription.resumed',
  'support.topic',
  'support.answer_about',
  'command.paid',
];
/** Shown before the product is known. */
const NOT_YET_KNOWN: readonly TextKey[] = ['checkout.unknown_order', 'checkout.unavailable'];

/** Texts about one product, which a creator can reword for each product. */
const ABOUT_PRODUCTS: ReadonlySet<TextKey> = new Set(
  TEXT_KEYS.filter((key) => (FAMILIES.test(key) || OTHERS.includes(key)) && !NOT_YET_KNOWN.includes(key)),
);

/** Tells whether a creator can reword a text for the whole bot, for one product, or for both. */
export function scopeOf(key: OwnKey): 'bot' | 'product' | 'both' {
  if (isUnitKey(key) || !ABOUT_PRODUCTS.has(key)) return 'bot';
  return key === 'product.title' || key === 'product.description' ? 'product' : 'both';
}
