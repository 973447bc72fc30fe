import type { TextEntry } from './template.js';

const text = { title: 'text' } as const;
const none = {} as const;

/** What is read by those who pay again and again. */
export const SUBSCRIPTION_TEXTS = {
  'card.text_plan': {
    about: 'A subscription to choose, above what follows.',
    place: 'message',
    fields: { title: 'text', description: 'text', price: 'price', period: 'duration' },
  },
  'subscription.offer': {
    about: 'Above the button that leads to the payment of a subscription.',
    place: 'message',
    fields: { title: 'text', description: 'text' },
  },
  'subscription.subscribe': {
    about: 'The button that leads to the payment of a subscription, also below a product.',
    place: 'button',
    fields: { price: 'price', period: 'duration' },
  },
  'subscription.begins': {
    about: 'A subscription has begun.',
    place: 'message',
    fields: { title: 'text', until: 'date' },
  },
  'subscription.goes_on': {
    about: 'A subscription was renewed.',
    place: 'message',
    fields: { title: 'text', until: 'date' },
  },
  'subscription.runs': {
    about: 'A subscription is asked for again, and it runs.',
    place: 'message',
    fields: { title: 'text', until: 'date' },
  },
  'subscription.ended': {
    about: 'A subscription is asked for again, and it is over.',
    place: 'message',
    fields: { title: 'text', until: 'date' },
  },
  'subscription.failed': {
    about: 'A renewal could not be paid.',
    place: 'message',
    fields: { title: 'text', until: 'time' },
  },
  'subscription.ends_soon': {
    about: 'A canceled subscription will end soon.',
    place: 'message',
    fields: { title: 'text', until: 'date' },
  },
  'subscription.farewell': {
    about: 'The bot is being removed, so a subscription will not renew.',
    place: 'message',
    fields: { title: 'text', until: 'date' },
  },
  'subscription.come_back': {
    about: 'A subscription that the buyer canceled is over.',
    place: 'message',
    fields: text,
  },
  'subscription.again': {
    about: 'The button to subscribe again.',
    place: 'button',
    fields: { title: 'text', price: 'price', period: 'duration' },
  },
  'subscription.heading': { about: 'Above the list of subscriptions.', place: 'message', fields: none },
  'subscription.none': { about: 'When there is no subscription.', place: 'message', fields: none },
  'subscription.line': {
    about: 'One subscription that renews, in the list.',
    place: 'message',
    fields: { title: 'text', price: 'price', period: 'duration', until: 'date' },
  },
  'subscription.line_canceled': {
    about: 'One subscription that does not renew, in the list.',
    place: 'message',
    fields: { title: 'text', until: 'date' },
  },
  'subscription.switch_on': {
    about: 'Below a subscription that does not renew: how its buyer switches the renewal on again.',
    place: 'message',
    fields: none,
  },
  'subscription.cancel': { about: 'The button to cancel a subscription.', place: 'button', fields: text },
  'subscription.cancel_sure': {
    about: 'Whether to cancel a subscription.',
    place: 'message',
    fields: { title: 'text', until: 'date' },
  },
  'subscription.cancel_no': { about: 'The button that keeps a subscription.', place: 'button', fields: none },
  'subscription.kept': {
    about: 'When a subscription was not canceled after all.',
    place: 'message',
    fields: { title: 'text', until: 'date' },
  },
  'subscription.pay_now': {
    about: 'When the button of a subscription has become one that leads to the payment.',
    place: 'toast',
    fields: none,
  },
  'subscription.cancel_yes': { about: 'The button that cancels a subscription.', place: 'button', fields: none },
  'subscription.canceled': {
    about: 'A subscription is being canceled.',
    place: 'message',
    fields: { title: 'text', until: 'date' },
  },
  'subscription.resume': { about: 'The button to allow renewal again.', place: 'button', fields: text },
  'subscription.resumed': { about: 'Renewal is allowed again.', place: 'message', fields: text },
  'subscription.later': { about: 'What was asked for cannot be done at this moment.', place: 'message', fields: none },
} as const satisfies Record<string, TextEntry>;
