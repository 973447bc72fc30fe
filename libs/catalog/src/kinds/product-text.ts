import type { TextRule } from '#libs/kernel';

/** Telegram shows the title of an invoice up to here, in characters. */
export const TITLE: TextRule = { max: 32, unit: 'code points', lines: false, marks: false };
export const DESCRIPTION: TextRule = { max: 255, unit: 'code points', lines: true, marks: false };
/** One Telegram message. Counted strictly, because a buyer has paid before Telegram is asked to take it. */
export const CONTENT: TextRule = { max: 4096, unit: 'UTF-16 units', lines: true, marks: true };
export const LINK: TextRule = { max: 2048, unit: 'UTF-16 units', lines: false, marks: false };

// URL is lenient: it takes `https:example.com` and drops line breaks. What a buyer receives must be an address as it stands.
/** What keeps a text from being an address that a buyer can open; undefined when nothing does. */
export function linkProblem(link: string): string | undefined {
  const whole = /^(https?|tg):\/\/[^\s/?#]/i.test(link) && !/\s/.test(link) && URL.canParse(link);
  return whole ? undefined : 'must be an address that starts with https://, http:// or tg://';
}
