import type { TextEntry } from './template.js';

const none = {} as const;
const command = { command: 'text' } as const;

/** Texts about credits, and about commands that are paid with them. */
export const USE_TEXTS = {
  'balance.heading': { about: "Above a buyer's credits.", place: 'message', fields: none },
  'balance.empty': { about: 'When a buyer has no credits.', place: 'message', fields: none },
  'balance.line': { about: 'One balance.', place: 'toast', fields: { credits: 'credits' } },
  'balance.in_use': { about: 'Part of a balance: the reserved credits.', place: 'toast', fields: { count: 'number' } },
  'balance.until': {
    about: 'Part of a balance: the credits that expire first.',
    place: 'toast',
    fields: { count: 'number', until: 'date' },
  },

  'use.how': { about: 'How to use a command without arguments.', place: 'message', fields: command },
  'use.how_arguments': {
    about: 'How to use a command with an argument. Worth wording for each product, with an example.',
    place: 'message',
    fields: command,
  },
  'use.too_long': {
    about: 'When the text after a command is too long.',
    place: 'message',
    fields: { max: 'number' },
  },
  'use.too_few': {
    about: 'When a buyer has too few credits for a command.',
    place: 'message',
    fields: { price: 'credits', balance: 'credits' },
  },
  'use.too_few_packs': { about: 'The next line, above packs to choose from.', place: 'message', fields: none },
  'use.too_few_stars': {
    about: 'The next line, when an invoice in Stars follows.',
    place: 'message',
    fields: { stars: 'stars' },
  },
  'use.too_few_none': { about: 'The next line, when there is neither.', place: 'message', fields: none },
  'receipt.credits': {
    about: 'The receipt for a purchase with credits.',
    place: 'message',
    fields: { title: 'text', spent: 'credits', balance: 'credits' },
  },
  'goods.failed_credits': {
    about: 'A purchase with credits could not be made; the credits are back.',
    place: 'message',
    fields: { title: 'text', credits: 'credits' },
  },
  'orders.line_credits': {
    about: 'One purchase in the list that was paid with credits.',
    place: 'message',
    fields: { date: 'date', title: 'text', credits: 'credits', state: 'text', order: 'text' },
  },
  'shop.product_credits': {
    about: 'The button of a product that costs credits only.',
    place: 'button',
    fields: { title: 'text' },
  },
  'card.text_credits': {
    about: 'A product that costs credits only, above what follows.',
    place: 'message',
    fields: { title: 'text', description: 'text', credits: 'credits' },
  },
  'card.text_either': {
    about: 'A product that costs credits or Stars, above what follows.',
    place: 'message',
    fields: { title: 'text', description: 'text', credits: 'credits', price: 'price' },
  },
  'card.use': { about: 'The button that uses a command for credits.', place: 'button', fields: { credits: 'credits' } },
  'command.paid': {
    about: "The menu's description of a product's command. Worth wording for each product.",
    place: 'command',
    fields: { title: 'text' },
  },
} as const satisfies Record<string, TextEntry>;
