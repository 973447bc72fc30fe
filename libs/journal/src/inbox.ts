/** What a stored update is, in one word, and its lane: updates of one lane are handled one after the other. */
export interface Envelope {
  readonly updateId: number;
  readonly kind: string;
  readonly lane: number;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** Ids of people and chats have 52 bits at most (Bot API, Chat.id); what has more is none, and no lane could be made of it. */
const idIn = (value: unknown): number | undefined => {
  const id = isObject(value) ? value['id'] : undefined;
  return Number.isSafeInteger(id) && Math.abs(Number(id)) < 2 ** 52 ? Number(id) : undefined;
};

/** Service messages that are about money are a kind of their own: they go first and are watched most closely. */
export const MONEY_KINDS = ['successful_payment', 'refunded_payment'] as const;

/** Below every id of a person or chat: those have 52 significant bits at most (Bot API, Chat.id). */
export const MONEY_LANES = -(2 ** 52);

/** Payments and refunds of a chat never wait for a message of that chat which Telegram does not take at the moment. */
const moneyLane = (chatId: number) => MONEY_LANES - chatId;

/**
 * Reads just enough of an update to store it. Unknown kinds and unknown fields are fine, new ones appear all the time.
 * @returns undefined when it is no update at all: not an object, or without a whole `update_id`
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

/** What a message in a group may be about that concerns somebody here. */
const OF_GROUPS = [...MONEY_KINDS, 'migrate_to_chat_id', 'migrate_from_chat_id'];

/** Whether it is only what people say to each other: a bot that administrates a group is sent all of it. */
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
