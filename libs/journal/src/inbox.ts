/** An update's kind, in one word, and its lane: updates of one lane are handled one after another. */
export interface Envelope {
  readonly updateId: number;
  readonly kind: string;
  readonly lane: number;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/**
 * Ids of people and chats have at most 52 bits (Bot API, Chat.id); a larger number is not an id and cannot make a lane.
 */
const idIn = (value: unknown): number | undefined => {
  const id = isObject(value) ? value['id'] : undefined;
  return Number.isSafeInteger(id) && Math.abs(Number(id)) < 2 ** 52 ? Number(id) : undefined;
};

/** Service messages about money are separate kinds: they go first and are monitored most closely. */
export const MONEY_KINDS = ['successful_payment', 'refunded_payment'] as const;

/** Below every id of a person or chat, which have at most 52 significant bits (Bot API, Chat.id). */
export const MONEY_LANES = -(2 ** 52);

/** A chat's payments and refunds never wait for a message to that chat that Telegram does not accept yet. */
const moneyLane = (chatId: number) => MONEY_LANES - chatId;

/**
 * Reads just enough of an update to store it. Unknown kinds and fields are accepted: Telegram often adds new ones.
 * @returns undefined when it is not an update: not an object, or without an integer `update_id`
 */
export function readEnvelope(update: unknown): Envelope | undefined {
  if (!isObject(update) || !Number.isSafeInteger(update['update_id'])) return undefined;
  const field = Object.keys(update).find((key) => key !== 'update_id') ?? 'empty';
  const content = update[field];
  const money = MONEY_KINDS.find((kind) => isObject(content) && kind in content);
  const chatId = chatOf(content);
  const lane = money === undefined ? chatId : moneyLane(chatId);
  return { updateId: update['update_id'] as number, kind: money ?? field, lane };
}

/** Group messages that matter here. */
const OF_GROUPS = [...MONEY_KINDS, 'migrate_to_chat_id', 'migrate_from_chat_id'];

/** True for ordinary messages between people, all of which are sent to a bot that administers a group. */
export function isChatter(update: unknown): boolean {
  const message = isObject(update) ? update['message'] : undefined;
  if (!isObject(message) || !isObject(message['chat'])) return false;
  const { type } = message['chat'];
  return (type === 'group' || type === 'supergroup') && !OF_GROUPS.some((kind) => kind in message);
}

function chatOf(content: unknown): number {
  if (!isObject(content)) return 0;
  const message = content['message'];
  return (
    idIn(content['chat']) ??
    (isObject(message) ? idIn(message['chat']) : undefined) ??
    idIn(content['from']) ??
    idIn(content['user']) ??
    0
  );
}
