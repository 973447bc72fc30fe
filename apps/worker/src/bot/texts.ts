import type { OrderState } from '#libs/sales';

type Handed = 'none' | 'waiting' | 'generating' | 'delivered' | 'failed' | 'unreachable' | 'revoked';

/** What buyers read. Plain words, and each text says what can be done next. */
export const TEXTS = {
  welcome: (shop: string) =>
    `Welcome to ${shop}! Press the button to see what is sold here. You pay with Telegram Stars and receive it right away.`,
  nothingSold: 'Nothing is sold here at the moment. Please come back later.',
  shop: 'What would you like?',
  closed: 'The shop is closed for the moment. What you have bought stays yours: /orders lists it.',
  monthUsedUp:
    'This shop has sold as much as it can this month. Please come back next month. What you have bought stays yours: /orders lists it.',
  gone: 'That product is no longer here. Send /shop to see what is sold now.',
  noOrders: 'You have not bought anything here yet. Send /shop to look around.',
  orders: 'Your last purchases. Press one to receive it again.',
  sentAgain: 'It is on its way to you again.',
  unmade: 'The seller has not finished this yet. Send /paysupport if you have waited too long.',
  beingMade: (title: string) => `“${title}” is being made for you. You will receive it here as soon as it is ready.`,
  notMade: (title: string) =>
    `We are sorry: “${title}” could not be made. Please send /paysupport, and the seller will help you.`,
  notMadeInTime: (title: string) =>
    `We are sorry: “${title}” could not be made in time. Your Stars are on their way back to you. For questions send /paysupport.`,
  support: (contact: string | null) =>
    [contact, 'What is it about? Choose a purchase, then write what happened: the seller reads it and answers here.']
      .filter((part) => part !== null)
      .join('\n\n'),
  supportOther: 'Something else',
  supportOpened: 'Please write in your own words what happened. Everything you write here goes to the seller.',
  supportPassedOn: 'Thank you, the seller has your message and will answer here. You can add to it at any time.',
  supportTooMany:
    'That was a lot of messages within an hour. Please wait a little; the seller reads what you have written.',
  supportOnlyText: 'Only text reaches the seller. Please describe it in words.',
  supportAnswer: (title: string | null, answer: string) =>
    title === null ? `Answer from the seller:\n\n${answer}` : `Answer from the seller about “${title}”:\n\n${answer}`,
  terms: (terms: string | null) =>
    terms ??
    'You buy digital goods from the seller who runs this bot and pay with Telegram Stars. What you buy is delivered in this chat. For questions and refunds send /paysupport. Telegram does not mediate between you and the seller.',
  noCredits: 'You have no credits. Send /shop to see what is sold here.',
  balance: 'Your credits:',
  help: '/shop – what is sold here\n/orders – what you have bought\n/balance – your credits\n/paysupport – help with a payment\n/terms – the terms of sale',
  notUnderstood: 'Send /shop to see what is sold here, or /help for everything else.',
  refunded: (stars: number, title: string | null) =>
    title === null ? `Your ${stars} ⭐ have been returned.` : `Your ${stars} ⭐ for “${title}” have been returned.`,
  held: 'We received a payment that belongs to no order of yours. The seller has been told; /paysupport helps.',
  paidTwice:
    'You had already paid for this, so the second payment is on its way back to you. Nothing needs to be done.',
  cameTooLate:
    'Your payment arrived after the last one had been sold. We are sorry: your Stars are on their way back to you. Nothing needs to be done.',
  openShop: 'Open the shop',
  buy: (title: string, stars: number) => `${title} – ${stars} ⭐`,
  back: '‹ Back',
  more: 'More ›',
} as const;

const HANDED: Readonly<Record<Handed, string>> = {
  none: 'paid',
  waiting: 'on its way',
  generating: 'being made for you',
  delivered: 'delivered',
  failed: 'delivery failed, please send /paysupport',
  unreachable: 'waiting for you',
  revoked: 'refunded',
};

/** Where a purchase stands, in a few words. */
export function purchaseState(state: OrderState, handed: Handed): string {
  return state === 'refunded' ? 'refunded' : HANDED[handed];
}
