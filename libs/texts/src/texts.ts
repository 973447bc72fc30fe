import { CHAT_TEXTS } from './chat-texts.js';
import { COMMAND_TEXTS } from './commands.js';
import { PRODUCT_TEXTS } from './product-texts.js';
import { SHOP_TEXTS } from './shop-texts.js';
import { SUBSCRIPTION_TEXTS } from './subscription-texts.js';
import type { TextEntry } from './template.js';
import { isUnitKey, UNIT_TEXT, type UnitKey } from './units.js';
import { USE_TEXTS } from './use-texts.js';

const text = { title: 'text' } as const;
const none = {} as const;

/** Every text that a buyer can read, with its place and its placeholders. The words are in one file per language. */
export const TEXTS = {
  ...PRODUCT_TEXTS,
  ...SHOP_TEXTS,
  ...USE_TEXTS,
  ...CHAT_TEXTS,
  ...SUBSCRIPTION_TEXTS,

  'invoice.credits': {
    about: 'On an invoice: the credits that are bought, when they never expire.',
    place: 'invoice',
    fields: { credits: 'credits' },
  },
  'invoice.credits_until': {
    about: 'On an invoice: the credits that are bought, when they expire.',
    place: 'invoice',
    fields: { credits: 'credits', valid: 'duration' },
  },
  'invoice.promise': {
    about: 'On an invoice: by when the goods will be made.',
    place: 'invoice',
    fields: { within: 'duration' },
  },
  'invoice.promise_or_refund': {
    about: 'On an invoice: by when the goods will be made; otherwise the Stars are returned.',
    place: 'invoice',
    fields: { within: 'duration' },
  },
  'invoice.promo': {
    about: 'On an invoice: the discount of a promo code. Omitted when there is no room for it.',
    place: 'invoice',
    fields: { code: 'text', price: 'stars', list: 'number' },
  },

  'invoice.pay': {
    about: 'The Pay button of an invoice. Telegram shows ⭐ and XTR in it as the icon of the Star.',
    place: 'button',
    fields: { price: 'price' },
  },

  'invoice.unavailable': {
    about: 'Telegram refuses the invoice of a product; nothing was paid.',
    place: 'message',
    fields: { title: 'text' },
  },
  'invoice.renews': {
    about: 'On an invoice: a subscription renews automatically.',
    place: 'invoice',
    fields: { period: 'duration' },
  },

  'checkout.unknown_order': { about: 'A payment is refused: no such order.', place: 'refusal', fields: none },
  'checkout.other_buyer': {
    about: "A payment is refused: the order is another buyer's.",
    place: 'refusal',
    fields: none,
  },
  'checkout.already_paid': { about: 'A payment is refused: the order is paid.', place: 'refusal', fields: none },
  'checkout.cancelled': { about: 'A payment is refused: the order was cancelled.', place: 'refusal', fields: none },
  'checkout.expired': { about: 'A payment is refused: the invoice is too old.', place: 'refusal', fields: none },
  'checkout.being_paid': { about: 'A payment is refused: another one is in progress.', place: 'refusal', fields: none },
  'checkout.price_changed': {
    about: 'A payment is refused: the price has changed.',
    place: 'refusal',
    fields: none,
  },
  'checkout.shop_closed': { about: 'A payment is refused: the bot sells nothing now.', place: 'refusal', fields: none },
  'checkout.terms': {
    about: 'A payment is refused: the buyer has not agreed to the terms.',
    place: 'refusal',
    fields: none,
  },
  'checkout.month_used_up': {
    about: 'A payment is refused: no more sales this month.',
    place: 'refusal',
    fields: none,
  },
  'checkout.promo_ended': {
    about: 'A payment is refused: the promo code is used up or expired.',
    place: 'refusal',
    fields: none,
  },
  'checkout.limit_reached': { about: "A payment is refused: the buyer's limit.", place: 'refusal', fields: none },
  'checkout.already_subscribed': {
    about: 'A payment is refused: the buyer already has this subscription.',
    place: 'refusal',
    fields: none,
  },
  'checkout.archived': { about: 'A payment is refused: the product is off sale.', place: 'refusal', fields: none },
  'checkout.not_yet': { about: 'A payment is refused: the sale has not begun.', place: 'refusal', fields: none },
  'checkout.ended': { about: 'A payment is refused: the sale has ended.', place: 'refusal', fields: none },
  'checkout.sold_out': { about: 'A payment is refused: the product is sold out.', place: 'refusal', fields: none },
  'checkout.unavailable': { about: 'A payment could not be checked in time.', place: 'refusal', fields: none },

  'payment.unknown': { about: 'A payment without a matching order.', place: 'message', fields: none },
  'payment.twice': { about: 'A second payment for one order is returned.', place: 'message', fields: none },
  'payment.too_late': {
    about: 'A payment after the last item was sold is returned.',
    place: 'message',
    fields: none,
  },
  'payment.refunded': {
    about: 'Stars have been returned.',
    place: 'message',
    fields: { stars: 'price', title: 'text' },
  },
  'payment.refunded_unknown': {
    about: 'Stars that paid for nothing have been returned.',
    place: 'message',
    fields: { stars: 'price' },
  },

  'payment.refund_delayed': {
    about: 'Telegram refuses to return Stars that were promised; it is retried.',
    place: 'message',
    fields: { stars: 'price', title: 'text' },
  },
  'payment.refund_delayed_unknown': {
    about: 'Telegram refuses to return Stars that paid for nothing; it is retried.',
    place: 'message',
    fields: { stars: 'price' },
  },

  'receipt.heading': { about: 'The first line of a receipt, in bold.', place: 'message', fields: text },
  'receipt.paid': {
    about: 'A receipt: the price and the time.',
    place: 'message',
    fields: { stars: 'stars', paid_at: 'time' },
  },
  'receipt.balance': {
    about: "A receipt for credits: the buyer's new balance.",
    place: 'message',
    fields: { credits: 'credits' },
  },
  'receipt.order': { about: 'A receipt: the number of the order.', place: 'message', fields: { order: 'text' } },
  'receipt.help': { about: 'The last line of a receipt: how to get help.', place: 'message', fields: none },
  'goods.open': { about: 'The button of a link that was bought.', place: 'button', fields: none },
  'goods.copy': { about: 'The button that copies a key that was bought.', place: 'button', fields: none },
  'goods.credits': {
    about: 'Credits were added that never expire.',
    place: 'message',
    fields: { added: 'credits', balance: 'credits' },
  },
  'goods.credits_until': {
    about: 'Credits were added that expire.',
    place: 'message',
    fields: { added: 'credits', until: 'date', balance: 'credits' },
  },
  'goods.credits_again': {
    about: 'Bought credits are requested again: the purchase and the balance.',
    place: 'message',
    fields: { bought: 'credits', balance: 'credits' },
  },
  'goods.generating': { about: 'The purchase is being made.', place: 'message', fields: text },
  'goods.failed': { about: 'The purchase could not be made.', place: 'message', fields: text },
  'goods.undelivered': {
    about: 'The purchase could not be delivered, and no Stars are returned automatically.',
    place: 'message',
    fields: text,
  },
  'goods.failed_refunding': {
    about: 'The purchase could not be made in time; the Stars are returned.',
    place: 'message',
    fields: text,
  },
  'goods.again': { about: 'A purchase is sent once more.', place: 'toast', fields: none },
  'goods.later': {
    about: 'A purchase is requested again while the workspace is not allowed to send.',
    place: 'message',
    fields: none,
  },
  'goods.unmade': {
    about: 'A purchase is requested again that has not been made yet.',
    place: 'message',
    fields: none,
  },

  'media.caption': {
    about: 'Under paid media that is still locked.',
    place: 'caption',
    fields: { title: 'text', description: 'text' },
  },
  'media.unavailable': {
    about: 'Paid media cannot be shown; nothing was paid.',
    place: 'message',
    fields: { title: 'text' },
  },

  'orders.heading': { about: 'Above the list of purchases.', place: 'message', fields: none },
  'orders.empty': { about: 'When nothing was bought yet.', place: 'message', fields: none },
  'orders.line': {
    about: 'One purchase in the list.',
    place: 'message',
    fields: { date: 'date', title: 'text', price: 'price', state: 'text', order: 'text' },
  },
  'orders.state.none': { about: 'A purchase is paid.', place: 'toast', fields: none },
  'orders.state.waiting': { about: 'A purchase is on its way.', place: 'toast', fields: none },
  'orders.state.generating': { about: 'A purchase is being made.', place: 'toast', fields: none },
  'orders.state.delivered': { about: 'A purchase was delivered.', place: 'toast', fields: none },
  'orders.state.failed': { about: 'A purchase could not be delivered.', place: 'toast', fields: none },
  'orders.state.unreachable': {
    about: 'A purchase waits for a buyer who had blocked the bot.',
    place: 'toast',
    fields: none,
  },
  'orders.state.revoked': { about: 'A purchase was refunded.', place: 'toast', fields: none },

  'promo.how': { about: 'The answer to /promo without a code.', place: 'message', fields: none },
  'promo.unknown': { about: 'When there is no such promo code.', place: 'message', fields: none },
  'promo.too_many': { about: 'When a buyer has typed many wrong promo codes.', place: 'message', fields: none },
  'promo.ended': { about: 'When a promo code has expired.', place: 'message', fields: none },
  'promo.not_yet': { about: 'When a promo code is not valid yet.', place: 'message', fields: none },
  'promo.used_up': { about: 'When a promo code has been used as often as it can be.', place: 'message', fields: none },
  'promo.used_by_buyer': {
    about: 'When the buyer has used a promo code as often as one person can.',
    place: 'message',
    fields: none,
  },
  'promo.percent': {
    about: 'A promo code was accepted: a percentage off everything.',
    place: 'message',
    fields: { code: 'text', percent: 'number' },
  },
  'promo.stars': {
    about: 'A promo code was accepted: Stars off everything.',
    place: 'message',
    fields: { code: 'text', stars: 'stars' },
  },
  'promo.except_subscriptions': {
    about: 'The next line, for a code for everything in a bot that also sells subscriptions.',
    place: 'message',
    fields: none,
  },
  'promo.percent_product': {
    about: 'A promo code was accepted: a percentage off one product.',
    place: 'message',
    fields: { code: 'text', percent: 'number', title: 'text' },
  },
  'promo.stars_product': {
    about: 'A promo code was accepted: Stars off one product.',
    place: 'message',
    fields: { code: 'text', stars: 'stars', title: 'text' },
  },

  'support.choose': {
    about: 'The answer to /paysupport, above the purchases to choose from.',
    place: 'message',
    fields: none,
  },
  'support.other': { about: 'The button for a question that is not about a purchase.', place: 'button', fields: none },
  'support.topic': { about: 'The button of a purchase.', place: 'button', fields: { date: 'date', title: 'text' } },
  'support.opened': { about: 'The buyer can write now.', place: 'message', fields: none },
  'support.passed_on': {
    about: 'The seller, who had answered everything before, has a new message.',
    place: 'message',
    fields: none,
  },
  'support.reply': { about: "The reply button below the seller's answer.", place: 'button', fields: none },
  'support.done': { about: 'The button that ends a conversation.', place: 'button', fields: none },
  'support.go_on': { about: 'The buyer can reply now.', place: 'message', fields: none },
  'support.finished': { about: 'The buyer has ended a conversation.', place: 'message', fields: none },
  'support.too_many': { about: 'The buyer has sent too many messages.', place: 'message', fields: none },
  'support.only_text': { about: 'The buyer sent something that cannot be forwarded.', place: 'message', fields: none },
  'support.answer': { about: "The seller's answer.", place: 'message', fields: { answer: 'text' } },
  'support.answer_about': {
    about: "The seller's answer about a purchase.",
    place: 'message',
    fields: { title: 'text', answer: 'text' },
  },

  ...COMMAND_TEXTS,
  'profile.description': {
    about: 'Shown before a buyer presses Start.',
    place: 'description',
    fields: { shop: 'text' },
  },
  'profile.about': {
    about: "On the bot's profile, and where the bot is shared.",
    place: 'about',
    fields: { shop: 'text' },
  },
} as const satisfies Record<string, TextEntry>;

export type TextKey = keyof typeof TEXTS;
export type FieldsOf<Key extends TextKey> = (typeof TEXTS)[Key]['fields'];

/** A text of a bot, or a word for a unit of credits. */
export type OwnKey = TextKey | UnitKey;

export const entryOf = (key: OwnKey): TextEntry => (isUnitKey(key) ? UNIT_TEXT : TEXTS[key]);

export const TEXT_KEYS = Object.keys(TEXTS) as TextKey[];
