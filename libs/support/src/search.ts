import { parseId } from '#libs/kernel';

/** What a few characters may stand for. Each is looked up by an index, and whatever is found counts. */
export interface SearchPlan {
  readonly orderId?: string;
  readonly chargeId?: string;
  /** Of a buyer. */
  readonly telegramId?: number;
  /** In small letters, without the @. */
  readonly username?: string;
  readonly telegramChargeId?: string;
  /** Of a charge that paid no order. */
  readonly payload?: string;
}

/** Usernames have 4 to 32 characters (shorter than 5 only when bought). */
const USERNAME = /^@?([a-z0-9_]{4,32})$/i;

/** @param text as somebody pasted it */
export function planSearch(text: string): SearchPlan {
  const wanted = text.trim();
  const [orderId, chargeId] = [parseId('order', wanted), parseId('charge', wanted)];
  // An order id is the payload of its invoice: a charge may name one that is not there.
  if (orderId !== undefined) return { orderId, payload: wanted };
  if (chargeId !== undefined) return { chargeId };
  if (wanted.startsWith('@')) return nameIn(wanted);
  const telegramId = /^\d{1,16}$/.test(wanted) ? Number(wanted) : Number.NaN;
  return {
    telegramChargeId: wanted,
    payload: wanted,
    ...(Number.isSafeInteger(telegramId) ? { telegramId } : nameIn(wanted)),
  };
}

function nameIn(text: string): SearchPlan {
  const name = USERNAME.exec(text)?.[1];
  return name === undefined ? {} : { username: name.toLowerCase() };
}
