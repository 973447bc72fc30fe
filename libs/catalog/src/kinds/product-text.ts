import type { TextRule } from '#libs/kernel';

/** Telegram shows at most this many characters of an invoice's title. */
export const TITLE: TextRule = { max: 32, unit: 'code points', lines: false, marks: false };
export const DESCRIPTION: TextRule = { max: 255, unit: 'code points', lines: true, marks: false };
/** One Telegram message. Counted strictly, because the buyer has paid before Telegram accepts it. */
export const CONTENT: TextRule = { max: 4096, unit: 'UTF-16 units', lines: true, marks: true };
export const LINK: TextRule = { max: 2048, unit: 'UTF-16 units', lines: false, marks: false };

// URL is lenient: it accepts `https:example.com` and drops line breaks. An address for buyers must be valid as it
// stands.
/** Returns the reason why a text is not a URL that a buyer can open; undefined if it is one. */
export function linkProblem(link: string): string | undefined {
  const whole = /^(https?|tg):\/\/[^\s/?#]/i.test(link) && !/\s/.test(link) && URL.canParse(link);
  return whole ? undefined : 'must be a URL that starts with https://, http:// or tg://';
}
