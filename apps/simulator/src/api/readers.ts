import { badRequest } from '../world/errors.js';
import type { Upload } from '../world/files.js';
import type { CallInput } from './input.js';

const MOST_MESSAGES = 100;

/** Reads one parameter, or refuses the call in Telegram's words. */
export type Reader<Value> = (input: CallInput, name: string) => Value;

export type Readers = Readonly<Record<string, Reader<unknown>>>;

export type Values<Spec extends Readers> = { readonly [Name in keyof Spec]: ReturnType<Spec[Name]> };

/** Reads all parameters of a method. */
export function readAll<Spec extends Readers>(spec: Spec, input: CallInput): Values<Spec> {
  return Object.fromEntries(Object.entries(spec).map(([name, read]) => [name, read(input, name)])) as Values<Spec>;
}

export const text: Reader<string> = (input, name) => input.fields.get(name) ?? '';

/** Accepted without further checks: the simulator shows nothing that depends on it. */
export const unseen: Reader<undefined> = () => undefined;

/** Read together with another parameter, as `parse_mode` is with its text. */
export const elsewhere: Reader<undefined> = () => undefined;

export const optionalText: Reader<string | undefined> = (input, name) => input.fields.get(name);

export const requiredText: Reader<string> = (input, name) => {
  const value = text(input, name);
  if (value === '') throw badRequest(`parameter "${name}" is required`);
  return value;
};

export const flag: Reader<boolean> = (input, name) => {
  const value = text(input, name).trim().toLowerCase();
  return value === 'true' || value === 'yes' || value === '1';
};

/** A whole number. An unreadable one counts as 0, and one out of range is clamped (Client.cpp, get_integer_arg). */
export function integer(
  fallback: number,
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
): Reader<number> {
  return (input, name) => {
    const given = input.fields.get(name);
    if (given === undefined || given === '') return fallback;
    const value = Number.parseInt(given, 10);
    return Math.min(Math.max(Number.isNaN(value) ? 0 : value, min), max);
  };
}

/** An id, or the `@username` of a public chat. */
export const chatId: Reader<number | `@${string}`> = (input, name) => {
  const value = text(input, name);
  if (value === '') throw badRequest(`${name} is empty`);
  if (value.startsWith('@')) return `@${value.slice(1)}`;
  if (!/^-?\d+$/.test(value)) throw badRequest('chat not found');
  return Number(value);
};

export const userId: Reader<number> = (input, name) => {
  const value = Number.parseInt(text(input, name), 10);
  if (!(value > 0)) throw badRequest(`invalid ${name} specified`);
  return value;
};

/** A list of message ids, at most 100 (Client.cpp, get_message_ids; TDLib, forward_messages). */
export const messageIds: Reader<readonly number[]> = (input, name) => {
  if (text(input, name) === '') throw badRequest('message identifiers are not specified');
  const list = json(name)(input, name);
  if (!Array.isArray(list)) throw badRequest('expected an Array of message identifiers');
  if (list.length > MOST_MESSAGES) throw badRequest('too many message identifiers specified');
  if (list.length === 0) throw badRequest('message identifiers are not specified');
  return list.map((item: unknown) => {
    if (typeof item !== 'number' && typeof item !== 'string') throw badRequest('message identifier must be a Number');
    const id = Number(item);
    if (!Number.isSafeInteger(id)) throw badRequest("can't parse message identifier as a Number");
    if (id <= 0) throw badRequest('invalid message identifier specified');
    return id;
  });
};

/** JSON text; undefined when the parameter is missing. `what` is its name in "can't parse ... JSON object". */
export function json(what: string): Reader<unknown> {
  return (input, name) => {
    const value = text(input, name);
    if (value === '') return undefined;
    try {
      return JSON.parse(value);
    } catch {
      throw badRequest(`can't parse ${what} JSON object`);
    }
  };
}

/** A JSON object; undefined when the parameter is missing. `what` is its name in the server's refusals. */
export function jsonObject(what: string): Reader<Fields | undefined> {
  return (input, name) => {
    const value = json(what)(input, name);
    if (value === undefined) return undefined;
    if (!isFields(value)) throw badRequest(`object expected as ${what}`);
    return value;
  };
}

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function nonNegative(what: string): Reader<number> {
  return (input, name) => {
    const value = integer(0)(input, name);
    if (value < 0) throw badRequest(`invalid ${what} specified`);
    return value;
  };
}

export type FileSource =
  | { readonly type: 'upload'; readonly upload: Upload }
  | { readonly type: 'url'; readonly url: string }
  | { readonly type: 'file_id'; readonly fileId: string };

/** An uploaded file (directly or as `attach://<part>`), the id of a known one, or the address of one on the web. */
export const file: Reader<FileSource> = (input, name) => fileSource(input, text(input, name), name);

/** @param value the value of the parameter `name`, or of a field with that name inside it */
export function fileSource(input: CallInput, value: string, name: string): FileSource {
  const upload = input.files.get(value.startsWith('attach://') ? value.slice('attach://'.length) : name);
  if (upload !== undefined) {
    if (upload.bytes.length === 0) throw badRequest('file must be non-empty');
    return { type: 'upload', upload };
  }
  if (value === '' || value.startsWith('attach://')) throw badRequest(`there is no ${name} in the request`);
  if (/^https?:\/\//i.test(value)) return { type: 'url', url: value };
  return { type: 'file_id', fileId: value };
}

/** A JSON list of strings; undefined when missing or not a list, which Telegram also treats as missing. */
export const nameList: Reader<readonly string[] | undefined> = (input, name) => {
  const value = text(input, name);
  if (value === '') return undefined;
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : undefined;
  } catch {
    return undefined;
  }
};
