import type { Transformer } from 'grammy';
import { clip, type TextUnit } from '#libs/kernel';

interface Limit {
  readonly max: number;
  readonly unit: TextUnit;
}

/**
 * Telegram's limits (Bot API), by method and parameter. Messages are measured in UTF-16 units, as their entities are.
 */
const MESSAGE = { text: { max: 4_096, unit: 'UTF-16 units' } } as const;
const CAPTION = { caption: { max: 1_024, unit: 'UTF-16 units' } } as const;
const INVOICE = { title: { max: 32, unit: 'code points' }, description: { max: 255, unit: 'code points' } } as const;
const LIMITS: Readonly<Record<string, Readonly<Record<string, Limit>>>> = {
  sendMessage: MESSAGE,
  editMessageText: MESSAGE,
  sendPhoto: CAPTION,
  sendVideo: CAPTION,
  sendDocument: CAPTION,
  sendPaidMedia: CAPTION,
  sendInvoice: INVOICE,
  createInvoiceLink: INVOICE,
  answerCallbackQuery: { text: { max: 200, unit: 'UTF-16 units' } },
};

interface Entity {
  readonly offset: number;
  readonly length: number;
}

/**
 * Cuts texts that are longer than Telegram accepts, with an ellipsis, so that the call is not refused: a message
 * combines a template, a creator's texts and an order, each of which may be long. Split a text beforehand if no part of
 * it may be lost.
 */
export function fitted(method: string, payload: object): object {
  const limits = Object.entries(LIMITS[method] ?? {});
  const given = payload as Readonly<Record<string, unknown>>;
  const changes = limits.flatMap(([name, { max, unit }]) => {
    const text = given[name];
    const shown = typeof text === 'string' ? clip(text, max, { unit }) : text;
    if (typeof shown !== 'string' || shown === text) return [];
    const list = name === 'text' ? 'entities' : `${name}_entities`;
    const entities = given[list] as readonly Entity[] | undefined;
    const kept = entities?.filter(({ offset, length }) => offset + length < shown.length);
    return [[name, shown] as const, ...(kept === undefined ? [] : [[list, kept] as const])];
  });
  return changes.length === 0 ? payload : { ...payload, ...Object.fromEntries(changes) };
}

export const fitTexts: Transformer = (prev, method, payload, signal) =>
  prev(method, fitted(method, payload) as typeof payload, signal);
