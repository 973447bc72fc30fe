import { STAFF_API_TAGS } from './staff-api-tags.js';

/**
 * Every tag of the API, in the order of the documentation. test/journeys/openapi.e2e-spec.ts finds tags that are
 * missing here.
 */
export const API_TAGS: Readonly<Record<string, string>> = {
  Account: 'Signing up, sessions, and your own account.',
  'API keys': 'Credentials for your servers. A key is shown once.',
  Members: 'The members of this workspace with their roles, and open invitations.',
  Sandbox: 'Try everything out where Telegram is simulated and no Stars move.',
  Bots: 'Your Telegram bots, and their status at Telegram.',
  Texts: "Your bots' texts in English and Russian, by default or in your own words.",
  Files: 'Files that buyers receive.',
  Products: 'Your products, their prices and their goods.',
  'Product posts': "Your bots' posts about products in channels and groups.",
  Chats: 'Groups and channels that your bots administer, and access to them.',
  'Promo codes': 'Discounts: for which products and buyers, how often and how long.',
  Orders: 'Every purchase: money, goods, refunds and its complete history.',
  Charges: 'Every payment that Telegram reported, even without an order.',
  Refunds: 'Every refund with its origin and its state.',
  Subscriptions: 'Recurring purchases.',
  Buyers: 'People who use your bots.',
  Usage: "Your plan's limits and their usage.",
  Workspace: 'Exporting all data, and closing the workspace.',
  Metrics: 'Figures about sales.',
  Credits: "Buyers' credits: balances, grants, debits and reservations.",
  Events: 'Everything that happened, to be read or sent again. Events are kept for at least 90 days.',
  'Webhook endpoints': 'Your servers that receive events as Standard Webhooks, and the log of their responses.',
  Support: "Buyers' questions, and your replies.",
  Statements: "A bot's income and refunds in a period.",
  Gifts: "Gifts and months of Premium from a bot's balance, and the record of everything spent through the API.",
  'Business accounts': 'Accounts that have connected a bot: their Stars and gifts.',
  Reconciliations: "Comparisons of your books with Telegram's.",
  'Audit log': 'The log of all actions in this workspace.',
  ...STAFF_API_TAGS,
  Health: 'For load balancers and monitors.',
};
