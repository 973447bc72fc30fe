import { clip, normalText, textProblem, type TextRule } from '#libs/kernel';
import type { FieldKind } from './fields.js';

/**
 * Places where texts are shown, with their limits in UTF-16 units. The limits of message, caption, toast, command and
 * the two of the profile are Telegram's (Bot API: sendMessage 4096, sendPhoto 1024, answerCallbackQuery 200, BotCommand
 * 256, setMyDescription 512, setMyShortDescription 120). Telegram publishes none for buttons and for the refusal of a
 * payment, and an invoice has 255 characters in total: those limits are ours. A title has 32 characters and a
 * description 255 (sendInvoice).
 */
export const PLACES = {
  message: { max: 4_096, lines: true },
  caption: { max: 1_024, lines: true },
  toast: { max: 200, lines: false },
  refusal: { max: 200, lines: false },
  button: { max: 64, lines: false },
  unit: { max: 64, lines: false },
  title: { max: 32, lines: false },
  product: { max: 255, lines: true },
  invoice: { max: 120, lines: false },
  command: { max: 256, lines: false },
  description: { max: 512, lines: true },
  about: { max: 120, lines: true },
} as const satisfies Record<string, { readonly max: number; readonly lines: boolean }>;

export type Place = keyof typeof PLACES;

/** The properties of a text that all languages share. */
export interface TextEntry {
  /** For creators who want to reword it: when it is shown. */
  readonly about: string;
  readonly place: Place;
  /** The placeholders that it may contain. */
  readonly fields: Readonly<Record<string, FieldKind>>;
}

/**
 * Includes the full stop that ends the sentence there: it is dropped after a value that already ends with one, such as
 * `2026 г.`.
 */
const FIELD = /\{([a-z_]+)\}(\.?)/g;

const ruleOf = (place: Place): TextRule => ({ ...PLACES[place], unit: 'UTF-16 units', marks: true });

/** A text as it is stored. */
export const normalTemplate = (text: string, { place }: Pick<TextEntry, 'place'>) =>
  normalText(text.trim(), ruleOf(place));

/** The problem of a normalised template, as the end of a sentence; undefined when it is valid. */
export function templateProblem(template: string, { place, fields }: TextEntry): string | undefined {
  const problem = textProblem(template, ruleOf(place));
  if (problem !== undefined) return problem;
  const unknown = fieldsOf(template).find((name) => !Object.hasOwn(fields, name));
  if (unknown === undefined) return undefined;
  const known = Object.keys(fields).map((name) => `{${name}}`);
  return `must not contain {${unknown}}: ${known.length === 0 ? 'this text has no placeholders' : `it may contain ${known.join(', ')}`}`;
}

export const fieldsOf = (template: string): string[] => [...template.matchAll(FIELD)].map((match) => match[1] ?? '');

/**
 * The template with its placeholders filled in, at most as long as its place allows; a longer text ends with an
 * ellipsis.
 */
export function filled(template: string, place: Place, value: (name: string) => string | undefined): string {
  const text = template.replaceAll(FIELD, (braced: string, name: string, stop: string) => {
    const shown = value(name);
    if (shown === undefined) return braced;
    return shown.endsWith('.') ? shown : `${shown}${stop}`;
  });
  return clip(text, PLACES[place].max);
}
