/**
 * First segments of the dashboard's addresses, other than `/`. The platform serves the page at these; all other
 * addresses are the API's.
 */
export const PAGES = [
  'sign-in',
  'sign-up',
  'forgot-password',
  'reset-password',
  'confirm-address',
  'keep-address',
  'join',
  'look',
  'orders',
  'products',
  'bots',
  'buyers',
  'support',
  'subscriptions',
  'chats',
  'promo-codes',
  'money',
  'developers',
  'workspace',
  'staff',
] as const;
