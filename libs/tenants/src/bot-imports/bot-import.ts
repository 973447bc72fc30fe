import { DomainError, HOUR, inSlices } from '#libs/kernel';
import { isToken } from '../bots/bot.js';
import { TokenMalformed } from '../bots/bot-refusals.js';

export const IMPORT_STATES = ['running', 'done', 'canceled'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

export const LINE_STATES = ['waiting', 'registered', 'failed', 'canceled'] as const;
export type LineState = (typeof LINE_STATES)[number];

/** Limits of one file. A token has at most 117 characters. */
export const MAX_IMPORT_BYTES = 1_048_576;
export const MAX_IMPORT_LINES = 5_000;
const LONGEST_LINE = 1_024;

/**
 * Milliseconds between two registrations from files, of all workspaces together: Telegram's server accepts about 20 new
 * bots per minute and 600 per hour from one address. The rest is reserved for bots that are registered one by one.
 */
export const IMPORT_SPACING = HOUR / 500;
/** The same for the simulated Telegram, which has no limit. */
export const SIMULATED_SPACING = 0;

/** Attempts to register one bot while Telegram does not respond. */
export const MAX_ATTEMPTS = 10;

export class InvalidBotList extends DomainError {
  static readonly code = 'invalid_bot_list';
  static readonly refusal = 'invalid';
  readonly remedy =
    `Send one token on each line, as text or CSV with the token first, or as JSON lines with the field \`token\`: at most ` +
    `${MAX_IMPORT_LINES} tokens and ${MAX_IMPORT_BYTES} bytes of UTF-8.`;

  constructor(message: string) {
    super(`This list of bots cannot be read: ${message}.`);
  }
}

/** The reason why a line failed, in the form of the API's errors. */
export type LineReason = Pick<DomainError, 'code' | 'message' | 'remedy'>;

const tokenRepeated = (line: number): LineReason => ({
  code: 'token_repeated',
  message: `Line ${line} has the same token.`,
  remedy: 'No action is needed: the bot is registered once.',
});

export interface ListedToken {
  /** From 1. */
  readonly line: number;
  /** Undefined if the line contains no usable token. */
  readonly token: string | undefined;
  readonly refusal: LineReason | undefined;
}

/** The text of an uploaded list, refused as soon as it is too long. @throws InvalidBotList */
export async function botListOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MAX_IMPORT_BYTES) throw new InvalidBotList(`it has more than ${MAX_IMPORT_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new InvalidBotList('it is not UTF-8');
  }
}

/**
 * The tokens of a list, line by line. Empty lines and a header `token` are skipped. A line that is not a token, or
 * repeats an earlier one, does not stop the others.
 * @throws InvalidBotList when it has no token, too many, or a line that is too long. No error contains a token
 */
export async function tokensIn(list: string): Promise<ListedToken[]> {
  const lines = list.split(/\r\n|\n|\r/, 2 * MAX_IMPORT_LINES + 1);
  if (lines.length > 2 * MAX_IMPORT_LINES) throw new InvalidBotList('it has too many lines');
  const [found, seen]: [ListedToken[], Map<string, number>] = [[], new Map()];
  await inSlices(lines.entries(), ([place, text]) => {
    const [line, said] = [place + 1, text.trim()];
    if (said.length > LONGEST_LINE) throw new InvalidBotList(`line ${line} is too long`);
    if (said === '') return;
    const token = said.startsWith('{') || said.startsWith('"') ? tokenInJson(said) : firstCell(said);
    if (found.length === 0 && token?.toLowerCase() === 'token') return;
    found.push(listed(line, token, seen));
    if (found.length > MAX_IMPORT_LINES) throw new InvalidBotList(`it has more than ${MAX_IMPORT_LINES} tokens`);
  });
  if (found.length === 0) throw new InvalidBotList('it contains no token');
  return found;
}

function listed(line: number, token: string | undefined, seen: Map<string, number>): ListedToken {
  if (token === undefined || !isToken(token)) return { line, token: undefined, refusal: new TokenMalformed() };
  const before = seen.get(token);
  if (before !== undefined) return { line, token: undefined, refusal: tokenRepeated(before) };
  seen.set(token, line);
  return { line, token, refusal: undefined };
}

const firstCell = (line: string) => line.split(/[,;\t]/, 1)[0]?.trim();

/** `"token"`, or an object with the field `token`; also the first cell of CSV in quotation marks. */
function tokenInJson(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'string') return value;
    const { token } = value as { token?: unknown };
    return typeof token === 'string' ? token.trim() : undefined;
  } catch {
    return line.startsWith('"') ? line.slice(1, line.indexOf('"', 1)) : undefined;
  }
}

/** Returns Telegram's id of the bot, with which its token begins. */
export const botIdIn = (token: string) => Number(token.split(':', 1)[0]);
