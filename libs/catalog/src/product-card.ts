import type { Phrasebook } from '#libs/texts';
import { promiseSentence } from './kinds.js';
import type { Product } from './terms.rows.js';

/** What one use of a command costs in credits; undefined for what costs Stars only. */
export function creditsOf({ terms }: Pick<Product, 'terms'>) {
  const { creditUnit: unit = null, creditAmount: amount = null } = terms.paid_command ?? {};
  return unit === null || amount === null ? undefined : { unit, amount };
}

/** How a product is used that is a command. */
export function howToUse({ terms }: Pick<Product, 'terms'>, words: Phrasebook): string {
  const { command = '', needsArguments = false } = terms.paid_command ?? {};
  return words.say(needsArguments ? 'use.how_arguments' : 'use.how', { command: `/${command}` });
}

/** A product as the bot shows it: what it is, what it costs, what its kind promises, and how its buyer gets it. */
export function cardText(product: Product, words: Phrasebook): string {
  const how = product.kind === 'paid_command' ? howToUse(product, words) : words.say('card.promise');
  return [...aboutLines(product, words), how].join('\n');
}

/** A product as a post in a group or channel shows it. @param bot the username of the bot that sells it */
export function postText(product: Product, words: Phrasebook, bot: string): string {
  return [...aboutLines(product, words), words.say('post.promise', { bot })].join('\n');
}

/** What a button says that leads to it. */
export function cardButton(product: Product, words: Phrasebook): string {
  const [price, credits] = [product.stars, creditsOf(product)];
  const period = product.terms.subscription?.periodSeconds;
  if (period !== undefined) return words.say('subscription.subscribe', { price, period });
  return price === 0 && credits !== undefined ? words.say('card.use', { credits }) : words.say('card.buy', { price });
}

/** What the promise of a kind says of Stars holds for nobody who pays with credits. */
function aboutLines(product: Product, words: Phrasebook): string[] {
  const promise = product.stars === 0 ? undefined : promiseSentence(product, words);
  return [headOf(product, words), ...(promise === undefined ? [] : [promise])];
}

function headOf(product: Product, words: Phrasebook): string {
  const { title, description, stars: price } = product;
  const [about, credits] = [{ title, description }, creditsOf(product)];
  const period = product.terms.subscription?.periodSeconds;
  if (period !== undefined) return words.say('card.text_plan', { ...about, price, period });
  if (credits === undefined) return words.say('card.text', { ...about, price });
  if (price === 0) return words.say('card.text_credits', { ...about, credits });
  return words.say('card.text_either', { ...about, credits, price });
}
