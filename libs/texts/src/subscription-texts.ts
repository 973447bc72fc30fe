import type { TextEntry } from './template.js';

const text = { title: 'text' } as const;
const none = {} as const;

/** Texts for subscribers. */
export const SUBSCRIPTION_TEXTS = {
  'card.text_plan': {
    about: 'A subscription that can be chosen, above what follows.',
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
    about: 'An active subscription is requested again.',
    place: 'message',
    fields: { title: 'text', until: 'date' },
  },
  'subscription.ended': {
    about: 'A subscription that has ended is requested again.',
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
    about: 'A subscription that the buyer canceled has ended.',
    place: 'message',
    fields: text,
  },
  'subscription.again': {
    about: 'The button to subscribe again.',
    place: 'button',
    fields: { title: 'text', price: 'price', period: 'duration' },
  },
  'subscription.heading': { about: 'Above the list of subscriptions.', place: 'message', fields: none },
  'subscription.none': { about: 'When the buyer has no subscription.', place: 'message', fields: none },
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
    about: 'Below a subscription that does not renew: how to switch the renewal on again.',
    place: 'message',
    fields: none,
  },
  'subscription.cancel': { about: 'The button to cancel a subscription.', place: 'button', fields: text },
  'subscription.cancel_sure': {
    about: 'The question whether to cancel a subscription.',
    place: 'message',
    fields: { title: 'text', until: 'date' },
  },
  'subscription.cancel_no': { about: 'The button that keeps a subscription.', place: 'button', fields: none },
  'subscription.kept': {
    about: 'When the buyer keeps the subscription after all.',
    place: 'message',
    fields: { title: 'text', until: 'date' },
  },
  'subscription.pay_now': {
    about: 'When the button of a subscription now leads to the payment.',
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
  'subscription.later': { about: 'The request cannot be fulfilled at this moment.', place: 'message', fields: none },
} as const satisfies Record<string, TextEntry>;
