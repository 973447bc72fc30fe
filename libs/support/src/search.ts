import { parseId } from '#libs/kernel';

/** Possible meanings of a search text. Each is looked up by an index, and all results are returned. */
export interface SearchPlan {
  readonly orderId?: string;
  readonly chargeId?: string;
  /** Id of a buyer. */
  readonly telegramId?: number;
  /** In lower case, without the @. */
  readonly username?: string;
  readonly telegramChargeId?: string;
  /** Payload of a charge without an order. */
  readonly payload?: string;
}

/** Usernames have 4 to 32 characters (shorter than 5 only when bought). */
const USERNAME = /^@?([a-z0-9_]{4,32})$/i;

/** Works out what a search text may mean. @param text as pasted by a person */
export function planSearch(text: string): SearchPlan {
  const wanted = text.trim();
  const [orderId, chargeId] = [parseId('order', wanted), parseId('charge', wanted)];
  // An order id is the payload of its invoice, so a charge may refer to an order that does not exist.
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
