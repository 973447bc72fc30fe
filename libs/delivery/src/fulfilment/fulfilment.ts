import { goodsOf, InvalidGoods, type OfferedGoods } from '#libs/catalog';
import { clip, MINUTE } from '#libs/kernel';
import { readableResponse, readRetryAfter } from '../outbound/webhook.js';

/** Maximum size of a response with goods, in bytes. */
export const MAX_GOODS_BYTES = 20_000;

/** Minimum delay in milliseconds after a refusal that a person has to fix (4xx, or invalid goods). */
export const SLOWLY_MS = 15 * MINUTE;
/** Temporary 4xx: Request Timeout, Too Early, Too Many Requests. */
const PASSING = new Set([408, 425, 429]);

const MAX_WORDS = 400;

/** The response of a creator's server to a request for an order's goods. */
export type FulfilmentAnswer =
  | { readonly kind: 'goods'; readonly goods: OfferedGoods }
  /** 202: they are being made, and will be sent later. */
  | { readonly kind: 'generating' }
  /** The server will not provide any. */
  | { readonly kind: 'failed'; readonly error: string }
  /** To be asked again, not before `afterMs`. */
  | { readonly kind: 'refused'; readonly error: string; readonly afterMs?: number };

/**
 * Parses any response without throwing. 200 with the goods, 202, or a refusal: 410 and a body of `{"error": "...",
 * "final": true}`, with any status, are final; all others are not.
 */
export function readAnswer(
  answer: { readonly status: number; readonly retryAfter: string | undefined; readonly body: Buffer },
  now: Date,
): FulfilmentAnswer {
  const { status, retryAfter, body } = answer;
  const json = parsed(body);
  const final = finalError(json);
  if (final !== undefined) return { kind: 'failed', error: final };
  if (status === 410) return { kind: 'failed', error: 'Your server answered 410 Gone.' };
  if (status === 202) return { kind: 'generating' };
  if (status === 200) return goodsIn(json, body.length);
  const error = `your server answered ${status}`;
  const afterMs = Math.max(readRetryAfter(retryAfter, now) ?? 0, isOurFault(status) ? SLOWLY_MS : 0);
  return afterMs === 0 ? { kind: 'refused', error } : { kind: 'refused', error, afterMs };
}

const isOurFault = (status: number) => status < 500 && !PASSING.has(status);

function goodsIn(json: unknown, bytes: number): FulfilmentAnswer {
  const slowly = (error: string) => ({ kind: 'refused', error, afterMs: SLOWLY_MS }) as const;
  if (bytes >= MAX_GOODS_BYTES) return slowly(`your server's response has more than ${MAX_GOODS_BYTES} bytes`);
  if (json === undefined) return slowly('your server answered 200 with something that is not JSON');
  try {
    return { kind: 'goods', goods: goodsOf(json) };
  } catch (error) {
    if (!(error instanceof InvalidGoods)) throw error;
    const [first] = error.errors;
    const where = first === undefined || first.path === '' ? 'the answer' : first.path;
    return slowly(`the goods cannot be delivered: ${readable(where)} ${first?.message ?? 'is wrong'}`);
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function finalError(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { error, final } = json as { readonly error?: unknown; readonly final?: unknown };
  return final === true && typeof error === 'string' ? `Your server said: ${readable(error)}` : undefined;
}

/** Makes a text storable and displayable: no control characters, no broken characters, limited length. */
const readable = (text: string) => clip(readableResponse(Buffer.from(clip(text, 10 * MAX_WORDS))), MAX_WORDS);
