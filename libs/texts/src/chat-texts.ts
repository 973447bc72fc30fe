import type { TextEntry } from './template.js';

const none = {} as const;

/** Texts for buyers of access to a group or channel. */
export const CHAT_TEXTS = {
  'invoice.access': { about: 'On an invoice: access to a chat without an end.', place: 'invoice', fields: none },
  'invoice.access_days': {
    about: 'On an invoice: access to a chat for a limited time.',
    place: 'invoice',
    fields: { valid: 'duration' },
  },
  'checkout.chat_unready': {
    about: 'A payment is refused: the bot could not let anyone into the chat.',
    place: 'refusal',
    fields: none,
  },
  'access.open': {
    about: 'Access to a chat without an end was bought; above the button that leads there.',
    place: 'message',
    fields: { chat: 'text' },
  },
  'access.open_until': {
    about: 'Access to a chat for a limited time was bought; above the button that leads there.',
    place: 'message',
    fields: { chat: 'text', until: 'date' },
  },
  'access.join': { about: 'The button that leads into a chat.', place: 'button', fields: none },
  'access.inside': {
    about: 'A member of a chat has bought access to it without an end.',
    place: 'message',
    fields: { chat: 'text' },
  },
  'access.inside_until': {
    about: 'A member of a chat has bought access to it for a limited time.',
    place: 'message',
    fields: { chat: 'text', until: 'date' },
  },
  'access.ends_soon': {
    about: 'Limited access to a chat is about to end.',
    place: 'message',
    fields: { chat: 'text', until: 'date' },
  },
  'access.extend_how': { about: 'The next line, when it can be bought again.', place: 'message', fields: none },
  'access.extend': {
    about: 'The button below that, which creates an invoice.',
    place: 'button',
    fields: { price: 'price' },
  },
  'access.over': { about: 'Access to a chat has ended.', place: 'message', fields: { chat: 'text' } },
  'access.again': {
    about: 'The button from there to the product, or to the shop when the product is no longer sold.',
    place: 'button',
    fields: none,
  },
  'access.too_many_chats': {
    about: 'A buyer who has paid is in too many groups and channels for Telegram to let them into this one.',
    place: 'message',
    fields: { chat: 'text' },
  },
  'access.banned': {
    about: 'A buyer who has paid is banned from the chat.',
    place: 'message',
    fields: { chat: 'text' },
  },
  'access.for_buyers': {
    about: "Another person requests to join a chat by a buyer's own link.",
    place: 'message',
    fields: { chat: 'text' },
  },
} as const satisfies Record<string, TextEntry>;
