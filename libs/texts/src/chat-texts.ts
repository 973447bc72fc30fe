import type { TextEntry } from './template.js';

const none = {} as const;

/** What is read by those who buy access to a group or channel. */
export const CHAT_TEXTS = {
  'invoice.access': { about: 'On an invoice: access to a chat, for good.', place: 'invoice', fields: none },
  'invoice.access_days': {
    about: 'On an invoice: access to a chat for a time.',
    place: 'invoice',
    fields: { valid: 'duration' },
  },
  'checkout.chat_unready': {
    about: 'A payment is refused: the bot could let nobody into the chat.',
    place: 'refusal',
    fields: none,
  },
  'access.open': {
    about: 'Access to a chat for good was bought; above the button that leads there.',
    place: 'message',
    fields: { chat: 'text' },
  },
  'access.open_until': {
    about: 'Access to a chat for a time was bought; above the button that leads there.',
    place: 'message',
    fields: { chat: 'text', until: 'date' },
  },
  'access.join': { about: 'The button that leads into a chat.', place: 'button', fields: none },
  'access.inside': {
    about: 'Access to a chat for good was bought by somebody who is in it.',
    place: 'message',
    fields: { chat: 'text' },
  },
  'access.inside_until': {
    about: 'Access to a chat for a time was bought by somebody who is in it.',
    place: 'message',
    fields: { chat: 'text', until: 'date' },
  },
  'access.ends_soon': {
    about: 'Access to a chat for a time is about to end.',
    place: 'message',
    fields: { chat: 'text', until: 'date' },
  },
  'access.extend_how': { about: 'The line after that, when it can be bought again.', place: 'message', fields: none },
  'access.extend': {
    about: 'The button below that, which makes an invoice.',
    place: 'button',
    fields: { price: 'price' },
  },
  'access.over': { about: 'Access to a chat is over.', place: 'message', fields: { chat: 'text' } },
  'access.again': {
    about: 'The button from there to the product, or to the shop when that is not sold any more.',
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
    about: "Somebody asks to be let into a chat by a buyer's own link.",
    place: 'message',
    fields: { chat: 'text' },
  },
} as const satisfies Record<string, TextEntry>;
