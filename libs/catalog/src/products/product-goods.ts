import { clip, DomainError, type FieldError, normalText, parseId, textProblem, type TextRule } from '#libs/kernel';
import { CONTENT, LINK, linkProblem } from '../kinds/product-text.js';

/** The goods that a creator's server provides for one order. */
export type Goods =
  /** The text, the address, or the key that the buyer can copy. */
  | { readonly kind: 'text' | 'link' | 'key'; readonly content: string; readonly fileId: null }
  /** A file of the workspace, by its UUID. */
  | { readonly kind: 'file'; readonly content: null; readonly fileId: string };

/** Goods, or the address of a file that has to be fetched. */
export type OfferedGoods = Goods | { readonly kind: 'address'; readonly url: string };

/** A text that a button can copy to the clipboard (Bot API, CopyTextButton: 1-256 characters). Counted strictly. */
export const KEY: TextRule = { max: 256, unit: 'UTF-16 units', lines: false, marks: false };

const FIELDS = ['text', 'link', 'key', 'file_id', 'file_url'] as const;

/** Goods that cannot be delivered. `errors` uses the API's field names. */
export class InvalidGoods extends DomainError {
  static readonly code = 'invalid_goods';
  static readonly refusal = 'invalid';
  readonly remedy =
    'Send exactly one of text (at most 4096 characters), link, key (at most 256 characters), file_id (from POST /v1/files) and ' +
    'file_url (https, at most 2048 characters).';

  constructor(override readonly errors: readonly FieldError[]) {
    super('These goods cannot be delivered.');
  }
}

/**
 * Parses goods: an object with exactly one of `text`, `link`, `key`, `file_id` and `file_url`. Does not check whether
 * the workspace has the file, or if the address may be called.
 * @throws InvalidGoods
 */
export function goodsOf(input: unknown): OfferedGoods {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw invalid('', 'must be an object');
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  const unknown = given.find(([name]) => !FIELDS.some((field) => field === name));
  if (unknown !== undefined) throw invalid(clip(unknown[0], 40), `is not one of ${FIELDS.join(', ')}`);
  const [only, ...others] = given;
  if (only === undefined || others.length > 0) throw invalid('', `must have exactly one of ${FIELDS.join(', ')}`);
  const [field, value] = only;
  if (typeof value !== 'string') throw invalid(field, 'must be a string');
  if (field === 'file_id') return fileGoods(value);
  if (field === 'file_url') return addressGoods(value.trim());
  const kind = field === 'link' || field === 'key' ? field : 'text';
  const content = normalText(kind === 'text' ? value : value.trim(), CONTENT);
  const problem = PROBLEMS[kind](content);
  if (problem !== undefined) throw invalid(kind, problem);
  return { kind, content, fileId: null };
}

const PROBLEMS = {
  text: (text: string) => textProblem(text, CONTENT),
  link: (link: string) => textProblem(link, LINK) ?? linkProblem(link),
  key: (key: string) => textProblem(key, KEY),
} as const;

function fileGoods(id: string): Goods {
  const fileId = parseId('file', id);
  if (fileId === undefined) throw invalid('file_id', 'must be an id that starts with file_');
  return { kind: 'file', content: null, fileId };
}

function addressGoods(url: string): OfferedGoods {
  const problem = textProblem(url, LINK) ?? (/^https?:/i.test(url) ? linkProblem(url) : 'must start with https://');
  if (problem !== undefined) throw invalid('file_url', problem);
  return { kind: 'address', url };
}

const invalid = (path: string, message: string) => new InvalidGoods([{ path, message }]);
