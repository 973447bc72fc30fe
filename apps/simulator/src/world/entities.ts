import type { MessageEntity } from './telegram-types.js';

/** Text with its entities. Offsets and lengths are UTF-16 code units, as in the Bot API and in JavaScript. */
export interface RichText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

// Telegram recognises many more; these are the ones that selling bots use.
const RECOGNISED: readonly (readonly [type: string, pattern: RegExp])[] = [
  ['bot_command', /(?<![\w/])\/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/])/g],
  ['url', /(?<![\w@/])https?:\/\/[^\s<>"]*[^\s<>".,;:!?)']/g],
  ['mention', /(?<![\w/@])@[a-zA-Z][a-zA-Z0-9_]{3,31}(?!\w)/g],
];

const overlap = (a: MessageEntity, b: MessageEntity): boolean =>
  a.offset < b.offset + b.length && b.offset < a.offset + a.length;

/** Adds the entities that Telegram finds in plain text (commands, links, mentions), never inside an existing entity. */
export function recognise({ text, entities }: RichText): RichText {
  const all = [...entities];
  for (const [type, pattern] of RECOGNISED) {
    for (const match of text.matchAll(pattern)) {
      const found = { type, offset: match.index, length: match[0].length };
      const claimed = (other: MessageEntity): boolean =>
        overlap(found, other) && (other.type !== 'bold' && other.type !== 'italic' ? true : type === other.type);
      if (!all.some(claimed)) all.push(found);
    }
  }
  return { text, entities: inOrder(all) };
}

/** Trims white space at both ends, as Telegram does, and moves the entities accordingly. */
export function trimmed({ text, entities }: RichText): RichText {
  const start = text.length - text.trimStart().length;
  const end = text.trimEnd().length;
  const kept = entities.flatMap((entity) => {
    const from = Math.max(entity.offset, start);
    const to = Math.min(entity.offset + entity.length, end);
    return to > from ? [{ ...entity, offset: from - start, length: to - from }] : [];
  });
  return { text: text.trim(), entities: inOrder(kept) };
}

function inOrder(entities: readonly MessageEntity[]): readonly MessageEntity[] {
  return entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length);
}
