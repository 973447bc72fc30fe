import type { RichText } from '../world/entities.js';
import { badRequest } from '../world/errors.js';
import { type FileKind, type MediaDetails, shown } from '../world/files.js';
import type { MessageContent } from '../world/telegram-types.js';
import { storedFile } from './files.js';
import type { Caller } from './caller.js';
import { type CallInput, inputOf } from './input.js';
import { asCaption } from './message-content.js';
import {
  type FileSource,
  fileSource,
  flag,
  integer,
  isFields,
  json,
  type Reader,
  readAll,
  requiredText,
  text,
} from './readers.js';
import { CAPTION } from './rich-text.js';

/** A file in JSON with the sender's details: an InputMedia or InputPaidMedia. */
export interface InputMedia {
  readonly type: FileKind;
  readonly source: FileSource;
  readonly details: MediaDetails;
  readonly caption: RichText;
  readonly isAbove: boolean;
  readonly isSpoiler: boolean;
}

const KINDS: readonly string[] = ['photo', 'video', 'animation', 'audio', 'document'] satisfies FileKind[];
const LONGEST_SIDE = 10_000;
const LONGEST = 24 * 3_600;
const MOST_ITEMS = 10;

const side = integer(0, 0, LONGEST_SIDE);
const seconds = integer(0, 0, LONGEST);

/** Details of a file, read from a call's parameters or from an object's fields. */
export const DETAILS = {
  width: side,
  height: side,
  duration: seconds,
  start_timestamp: seconds,
  performer: text,
  title: text,
};

/** @param what the type's name in refusals */
export function inputMedia(input: CallInput, value: unknown, what: 'InputMedia' | 'InputPaidMedia'): InputMedia {
  const refuse = (detail: string): Error => badRequest(`can't parse ${what}: ${detail}`);
  if (!isFields(value)) throw refuse('expected an Object');
  const type = value['type'];
  if (typeof type !== 'string') throw refuse('Can\'t find field "type"');
  if (type === 'live_photo') throw badRequest('the simulator takes photos and videos, not live photos');
  if (!isKind(type)) throw refuse(`type "${type}" is unsupported`);
  const fields = inputOf(value, input.files);
  const media = text(fields, 'media');
  if (media === '') throw refuse('media not found');
  return {
    type,
    source: fileSource(fields, media, 'media'),
    details: readAll(DETAILS, fields),
    caption: CAPTION.caption(fields, 'caption'),
    isAbove: flag(fields, 'show_caption_above_media'),
    isSpoiler: flag(fields, 'has_spoiler'),
  };
}

const isKind = (type: string): type is FileKind => KINDS.includes(type);

/** `media` of editMessageMedia. */
export const oneMedia: Reader<InputMedia> = (input, name) => {
  requiredText(input, name);
  return inputMedia(input, json('input media')(input, name), 'InputMedia');
};

/** Photos and videos, or documents, or audio, but not a mixture. */
export const album: Reader<readonly InputMedia[]> = (input, name) => {
  requiredText(input, name);
  const list = json('media')(input, name);
  if (!Array.isArray(list)) throw badRequest('expected an Array of InputMedia');
  const items = list.map((item: unknown) => inputMedia(input, item, 'InputMedia'));
  if (items.some(({ type }) => type === 'animation')) {
    throw badRequest('can\'t parse InputMedia: type "animation" can\'t be used in sendMediaGroup');
  }
  if (items.length > MOST_ITEMS) throw badRequest('too many messages to send as an album');
  if (items.length < 2) throw badRequest('there are no messages to send');
  const kinds = new Set(items.map(({ type }) => (type === 'video' ? 'photo' : type)));
  if (kinds.size > 1) throw badRequest("can't use the media of the specified type in the album");
  return items;
};

/** The part of a message that contains the file. */
export async function mediaContent(caller: Caller, media: InputMedia): Promise<MessageContent> {
  const file = await storedFile(caller, media.type, media.source);
  return {
    ...shown(file, media.details),
    ...asCaption(media.caption),
    ...(media.isAbove ? { show_caption_above_media: true } : {}),
    ...(media.isSpoiler ? { has_media_spoiler: true } : {}),
  };
}
