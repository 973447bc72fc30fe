import type { RichText } from '../world/entities.js';
import type { InlineKeyboardMarkup, MessageContent } from '../world/telegram-types.js';

export const withMarkup = (markup: InlineKeyboardMarkup | undefined): MessageContent =>
  markup === undefined ? {} : { reply_markup: markup };

export const asText = ({ text, entities }: RichText): MessageContent => ({
  text,
  ...(entities.length === 0 ? {} : { entities }),
});

export const asCaption = ({ text, entities }: RichText): MessageContent =>
  text === '' ? {} : { caption: text, ...(entities.length === 0 ? {} : { caption_entities: entities }) };
