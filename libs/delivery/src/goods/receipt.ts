import { publicId, type Stars } from '#libs/kernel';
import type { Phrasebook } from '#libs/texts';
import type { AddedCredits, Handover, SpentCredits } from './handover.js';

/** A message with its formatting as separate entities, so that the text needs no escaping. */
export interface Formatted {
  readonly text: string;
  readonly entities: readonly { readonly type: 'bold' | 'code'; readonly offset: number; readonly length: number }[];
}

export interface ReceiptFacts {
  readonly orderId: string;
  readonly title: string;
  readonly stars: Stars;
  readonly paidAt: Date;
  readonly credits?: AddedCredits | undefined;
  readonly paidCredits?: SpentCredits | undefined;
}

/**
 * The receipt: product, price, time, and how to get help. For credits it is a single line, because they are spent
 * often.
 */
export function receipt(facts: ReceiptFacts, words: Phrasebook): Formatted {
  if (facts.paidCredits !== undefined)
    return { text: creditsSpent(facts.title, facts.paidCredits, words), entities: [] };
  const order = publicId('order', facts.orderId);
  const heading = words.say('receipt.heading', { title: facts.title });
  const { available: amount, unit } = facts.credits ?? {};
  const lines = [
    heading,
    words.say('receipt.paid', { stars: facts.stars, paid_at: facts.paidAt }),
    ...(amount === undefined || unit === undefined
      ? []
      : [words.say('receipt.balance', { credits: { amount, unit } })]),
    words.say('receipt.order', { order }),
  ];
  const text = `${lines.join('\n')}\n\n${words.say('receipt.help')}`;
  // The creator's own wording may omit the number.
  const place = text.indexOf(order, heading.length);
  return {
    text,
    entities: [
      { type: 'bold', offset: 0, length: heading.length },
      ...(place < 0 ? [] : [{ type: 'code', offset: place, length: order.length } as const]),
    ],
  };
}

/** The message to a buyer of credits. */
export function creditsAdded({ unit, amount, expiresAt: until, available }: AddedCredits, words: Phrasebook): string {
  const [added, balance] = [
    { amount, unit },
    { amount: available, unit },
  ];
  if (until === null) return words.say('goods.credits', { added, balance });
  return words.say('goods.credits_until', { added, until, balance });
}

/** The message to a buyer of credits who asks for them again: none are added. */
export function creditsAgain({ unit, amount, available }: AddedCredits, words: Phrasebook): string {
  return words.say('goods.credits_again', { bought: { amount, unit }, balance: { amount: available, unit } });
}

const creditsSpent = (title: string, { unit, amount, available }: SpentCredits, words: Phrasebook) =>
  words.say('receipt.credits', { title, spent: { amount, unit }, balance: { amount: available, unit } });

/** The message to a subscriber at the beginning, at each renewal, and on request. */
export function subscriptionNews({ product: { title }, subscription, round }: Handover, words: Phrasebook): string {
  if (subscription === undefined) throw new Error('a subscription without its end');
  const { begins, until, paidUntil, isOver } = subscription;
  if (round > 1) return words.say(isOver ? 'subscription.ended' : 'subscription.runs', { title, until: paidUntil });
  return words.say(begins ? 'subscription.begins' : 'subscription.goes_on', { title, until });
}
