import { creditsInWords, publicId, type Stars } from '#libs/kernel';
import type { AddedCredits } from './handover.js';

/** Telegram's limit for one message, in UTF-16 units. */
const MAX_MESSAGE = 4_096;

/**
 * Cuts a text into messages. Prefers the end of a line, then a space; never cuts a character in two. Empty messages, which Telegram
 * refuses, do not occur.
 */
export function splitMessage(text: string, max: number = MAX_MESSAGE): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > max) {
    const cut = cutAt(rest, max);
    parts.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return [...parts, rest].filter((part) => part.trim() !== '');
}

function cutAt(text: string, max: number): number {
  const head = text.slice(0, max);
  const wish = Math.max(head.lastIndexOf('\n') + 1, head.lastIndexOf(' ') + 1);
  if (wish > max / 2) return wish;
  const last = head.charCodeAt(max - 1);
  return last >= 0xd800 && last <= 0xdbff ? max - 1 : max;
}

/** A message with its formatting beside it, so that nothing in the text has to be escaped. */
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
}

/** What was bought, for how much, when, and where to turn to. */
export function receipt(facts: ReceiptFacts): Formatted {
  const order = publicId('order', facts.orderId);
  const amount = `${facts.stars} ${facts.stars === 1 ? 'Star' : 'Stars'}`;
  const heading = `Receipt: ${facts.title}`;
  const paid = `${facts.paidAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const { credits } = facts;
  const balance = credits === undefined ? '' : `\nYour balance: ${creditsInWords(credits.available, credits.unit)}`;
  const head = `${heading}\nPaid: ${amount}, ${paid}${balance}\nOrder: `;
  return {
    text: `${head}${order}\n\nQuestions about this purchase? Send /paysupport`,
    entities: [
      { type: 'bold', offset: 0, length: heading.length },
      { type: 'code', offset: head.length, length: order.length },
    ],
  };
}

/** What a buyer of credits receives. */
export function creditsAdded({ unit, amount, expiresAt, available }: AddedCredits): string {
  const until = expiresAt === null ? '' : ` They are good until ${expiresAt.toISOString().slice(0, 10)}.`;
  const balance = creditsInWords(available, unit);
  return `${creditsInWords(amount, unit)} added.${until}\nYour balance: ${balance}. Send /balance to see it at any time.`;
}
