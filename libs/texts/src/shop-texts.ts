import type { TextEntry } from './template.js';

const none = {} as const;

/** Texts for browsing, and answers to commands that are not about a purchase. */
export const SHOP_TEXTS = {
  'shop.welcome': { about: 'The answer to /start.', place: 'message', fields: { shop: 'text' } },
  'shop.heading': { about: 'Above the list of products.', place: 'message', fields: none },
  'shop.empty': { about: 'When the shop is empty.', place: 'message', fields: none },
  'shop.closed': { about: 'When the bot sells nothing at the moment.', place: 'message', fields: none },
  'shop.month_used_up': { about: 'When the workspace cannot sell more this month.', place: 'message', fields: none },
  'shop.gone': { about: 'When a button or link leads to something that is not sold.', place: 'message', fields: none },
  'shop.open': { about: 'The button that opens the shop.', place: 'button', fields: none },
  'shop.product': { about: 'The button of a product.', place: 'button', fields: { title: 'text', price: 'price' } },
  'shop.sold_out': {
    about: 'The button of a product that is sold out.',
    place: 'button',
    fields: { title: 'text' },
  },
  'shop.all': { about: 'The button from one category back to all products.', place: 'button', fields: none },
  'shop.back': { about: 'The button to the previous page.', place: 'button', fields: none },
  'shop.more': { about: 'The button to the next page.', place: 'button', fields: none },
  'card.text': {
    about: 'The card of a product, above the lines that follow.',
    place: 'message',
    fields: { title: 'text', description: 'text', price: 'price' },
  },
  'card.promise': {
    about: 'On a product: what its buyers get. Worth rewording for each product.',
    place: 'message',
    fields: none,
  },
  'card.promise_balance': {
    about: 'On a pack of credits: where its buyers find them.',
    place: 'message',
    fields: none,
  },
  'card.promise_chat': { about: 'On access to a chat: how its buyers get in.', place: 'message', fields: none },
  'card.promise_later': {
    about: "On a product that the seller's server makes: how its buyers get it.",
    place: 'message',
    fields: none,
  },
  'card.promise_subscription': {
    about: 'On a subscription that opens no chat.',
    place: 'message',
    fields: none,
  },
  'post.promise': {
    about: 'Below a product that was posted in a group or channel, above the button that leads to the bot.',
    place: 'message',
    fields: { bot: 'text' },
  },
  'card.stock': { about: 'On a product: how many are left.', place: 'message', fields: { count: 'number' } },
  'card.until': { about: 'On a product: when its sale ends.', place: 'message', fields: { until: 'time' } },
  'card.from': {
    about: 'On a product whose sale has not begun: when it begins, and how to get Stars by then.',
    place: 'message',
    fields: { from: 'time' },
  },
  'card.buy': { about: 'The button that creates an invoice.', place: 'button', fields: { price: 'price' } },
  'inline.result': {
    about: 'Below the title of a product, when someone types @bot in any chat.',
    place: 'toast',
    fields: { price: 'price', description: 'text' },
  },
  button_stale: { about: 'When a button no longer works.', place: 'toast', fields: none },
  privacy: { about: 'The answer to /privacy.', place: 'message', fields: none },
  help: { about: "The answer to /help, below the shop's own commands.", place: 'message', fields: none },
  help_own: {
    about: 'The answer to /help: one command of the shop itself.',
    place: 'message',
    fields: { command: 'text', about: 'text' },
  },
  not_understood: { about: 'The answer to any other message from a buyer.', place: 'message', fields: none },
  'stars.how': { about: 'The button for buyers with too few Stars.', place: 'button', fields: none },
  'stars.help': { about: 'How to get Stars, and what happens without enough of them.', place: 'message', fields: none },
  'terms.ask': {
    about: 'Below the terms, above the button that agrees to them.',
    place: 'message',
    fields: none,
  },
  'terms.agree': { about: 'The button that agrees to the terms.', place: 'button', fields: none },
  'terms.agreed': { about: 'When a buyer has agreed to the terms.', place: 'message', fields: none },
  terms: { about: 'The answer to /terms.', place: 'message', fields: none },
} as const satisfies Record<string, TextEntry>;
