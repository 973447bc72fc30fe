import type { EventType } from '#libs/client';

/** The kind of object that events are about: the first word of their types. */
export type Family = EventType extends `${infer Name}.${string}` ? Name : never;

/** First parts of the keys of queries whose results change without the user's action. A test compares them with the queries. */
export const SUBJECTS = [
  'alerts',
  'bots',
  'buyers',
  'chats',
  'developers',
  'metrics',
  'money',
  'orders',
  'products',
  'promo-codes',
  'spending',
  'subscriptions',
  'support',
  'workspace',
] as const;

export type Subject = (typeof SUBJECTS)[number];

/** The queries that an event makes out of date, in addition to the list of events. */
export const CHANGED_BY: Readonly<Record<Family, readonly Subject[]>> = {
  order: ['orders', 'metrics', 'money', 'buyers', 'products', 'promo-codes', 'support'],
  charge: ['orders', 'metrics', 'money'],
  payment: ['money'],
  subscription: ['subscriptions', 'metrics', 'buyers'],
  chat: ['chats', 'bots'],
  chat_access: ['chats', 'buyers'],
  refund: ['orders', 'metrics', 'money', 'buyers', 'subscriptions'],
  buyer: ['buyers', 'orders', 'support'],
  product: ['products'],
  bot: ['bots', 'chats', 'money'],
  reconciliation: ['money', 'bots'],
  spending: ['money', 'spending'],
  business_connection: ['spending'],
  credits: ['buyers'],
  support: ['support', 'orders', 'buyers'],
  endpoint: ['developers'],
  alerts: ['alerts'],
  job: ['bots', 'orders'],
  workspace: ['workspace'],
  quota: ['workspace'],
};
