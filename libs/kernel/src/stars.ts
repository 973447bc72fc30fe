declare const brand: unique symbol;

/** A whole, non-negative number of Telegram Stars (currency XTR). Never a fraction, never a float. */
export type Stars = number & { readonly [brand]: 'stars' };

/**
 * The only way to make {@link Stars} from a number.
 * @throws RangeError unless `n` is a safe, non-negative whole number
 */
export function stars(n: number): Stars {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`not a Stars amount: ${n}`);
  return n as Stars;
}

/** Formats Stars for creators: `1 Star`, `1,500 Stars`. */
export const starsInWords = (n: number) => `${n.toLocaleString('en-US')} ${n === 1 ? 'Star' : 'Stars'}`;
