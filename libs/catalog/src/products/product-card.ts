import type { Stars } from '#libs/kernel';
import type { Phrasebook, Values } from '#libs/texts';
import { kindOf, promiseSentence } from '../kinds/kinds.js';
import type { Product } from './terms.rows.js';

/** The price of one use of a command in credits; undefined for products that cost Stars only. */
export function creditsOf({ terms }: Pick<Product, 'terms'>) {
  const { creditUnit: unit = null, creditAmount: amount = null } = terms.paid_command ?? {};
  return unit === null || amount === null ? undefined : { unit, amount };
}

/** Returns the instructions for using a paid command. */
export function howToUse({ terms }: Pick<Product, 'terms'>, words: Phrasebook): string {
  const { command = '', needsArguments = false } = terms.paid_command ?? {};
  return words.say(needsArguments ? 'use.how_arguments' : 'use.how', { command: `/${command}` });
}

/** A text with its formatting as separate entities, so that nothing has to be escaped. Offsets are UTF-16 units. */
export interface CardText {
  readonly text: string;
  readonly entities: readonly { readonly type: 'strikethrough'; readonly offset: number; readonly length: number }[];
}

/**
 * A product's card in the bot: description, price, the promise of its kind, and how the buyer gets it.
 * @param listStars a higher price, struck through before the price of the product
 */
export function cardText(product: Product, words: Phrasebook, listStars: Stars | null = null): CardText {
  const how =
    product.terms.paid_command !== undefined ? howToUse(product, words) : words.say(promiseKey(product, words));
  const { text, priceAt } = headOf(product, words);
  const rest = [...promiseLines(product, words), how].join('\n');
  if (listStars === null || priceAt === undefined) return { text: `${text}\n${rest}`, entities: [] };
  const former = words.number(listStars);
  return {
    text: `${text.slice(0, priceAt)}${former} ${text.slice(priceAt)}\n${rest}`,
    entities: [{ type: 'strikethrough', offset: priceAt, length: former.length }],
  };
}

/** A product's post in a group or channel. @param bot the username of the bot that sells it */
export function postText(product: Product, words: Phrasebook, bot: string): string {
  const { text } = headOf(product, words);
  return [text, ...promiseLines(product, words), words.say('post.promise', { bot })].join('\n');
}

/** Returns the text of the button that leads to a product. */
export function cardButton(product: Product, words: Phrasebook): string {
  const [price, credits] = [product.stars, creditsOf(product)];
  const period = product.terms.subscription?.periodSeconds;
  if (period !== undefined) return words.say('subscription.subscribe', { price, period });
  return price === 0 && credits !== undefined ? words.say('card.use', { credits }) : words.say('card.buy', { price });
}

/** The key of the delivery promise: the creator's own wording, or else the kind's. */
const promiseKey = (product: Product, words: Phrasebook) =>
  words.isOwn('card.promise') ? 'card.promise' : kindOf(product.kind).cardPromise(product);

/** A kind's promise about Stars does not apply to payments with credits. */
function promiseLines(product: Product, words: Phrasebook): string[] {
  const promise = product.stars === 0 ? undefined : promiseSentence(product, words);
  return promise === undefined ? [] : [promise];
}

interface Head {
  readonly text: string;
  /** The offset of the price in Stars; undefined when there is none. */
  readonly priceAt: number | undefined;
}

function headOf(product: Product, words: Phrasebook): Head {
  const { title, stars: price } = product;
  const about = { title, description: words.description(product.description) };
  const credits = creditsOf(product);
  const period = product.terms.subscription?.periodSeconds;
  if (period !== undefined) return head(words, 'card.text_plan', { ...about, price, period });
  if (credits === undefined) return head(words, 'card.text', { ...about, price });
  if (price > 0) return head(words, 'card.text_either', { ...about, credits, price });
  return { text: words.say('card.text_credits', { ...about, credits }), priceAt: undefined };
}

type PricedText = 'card.text' | 'card.text_plan' | 'card.text_either';

const head = <Key extends PricedText>(words: Phrasebook, key: Key, values: Values<Key>): Head => ({
  text: words.say<PricedText>(key, values as Values<PricedText>),
  priceAt: words.offsetOf<PricedText>(key, 'price', values as Values<PricedText>),
});
