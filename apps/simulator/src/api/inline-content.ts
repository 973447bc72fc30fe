import type { RichText } from '../world/entities.js';
import { badRequest } from '../world/errors.js';
import type { FileKind } from '../world/files.js';
import type { MessageContent } from '../world/telegram-types.js';
import type { InputMedia } from './input-media.js';
import type { CallInput } from './input.js';
import { INVOICE } from './invoice-terms.js';
import { type FileSource, flag, integer, readAll, text, type Values } from './readers.js';
import { CAPTION, messageText } from './rich-text.js';

/** The content that is sent when an inline result is picked. */
export type GivenContent =
  | { readonly type: 'text'; readonly text: RichText }
  | { readonly type: 'invoice'; readonly terms: Values<typeof INVOICE> }
  | { readonly type: 'place'; readonly content: MessageContent }
  | { readonly type: 'media'; readonly media: InputMedia };

/** The result types that are files, with the prefix of their fields' names. */
const FILES: Readonly<Record<string, { readonly kind: FileKind; readonly name: string; readonly titled: boolean }>> = {
  photo: { kind: 'photo', name: 'photo', titled: false },
  gif: { kind: 'animation', name: 'gif', titled: false },
  mpeg4_gif: { kind: 'animation', name: 'mpeg4', titled: false },
  video: { kind: 'video', name: 'video', titled: true },
  audio: { kind: 'audio', name: 'audio', titled: false },
  voice: { kind: 'voice', name: 'voice', titled: true },
  document: { kind: 'document', name: 'document', titled: true },
};

const missing = (field: string): Error => badRequest(`can't parse inline query result: Can't find field "${field}"`);

function needed(fields: CallInput, field: string): string {
  if (!fields.fields.has(field)) throw missing(field);
  return text(fields, field);
}

function degrees(fields: CallInput, field: string, most: number): number {
  const value = Number(needed(fields, field));
  if (!(Math.abs(value) <= most)) throw badRequest('MEDIA_GEO_POINT_INVALID');
  return value;
}

/** An InputMessageContent, recognised by its fields (Client.cpp, get_input_message_content). */
export function given(fields: CallInput): GivenContent {
  if (fields.fields.has('message_text')) return { type: 'text', text: messageText(fields, 'message_text') };
  if (fields.fields.has('latitude')) return { type: 'place', content: placeOf(fields) };
  if (fields.fields.has('phone_number')) return { type: 'place', content: contactOf(fields) };
  if (fields.fields.has('rich_message')) throw badRequest('the simulator has no rich messages');
  return { type: 'invoice', terms: readAll(INVOICE, fields) };
}

function placeOf(fields: CallInput): MessageContent {
  const location = { latitude: degrees(fields, 'latitude', 90), longitude: degrees(fields, 'longitude', 180) };
  const [title, address] = [text(fields, 'title'), text(fields, 'address')];
  return address === '' ? { location } : { location, venue: { location, title, address } };
}

function contactOf(fields: CallInput): MessageContent {
  const [phone_number, first_name] = [needed(fields, 'phone_number'), needed(fields, 'first_name')];
  const [last_name, vcard] = [text(fields, 'last_name'), text(fields, 'vcard')];
  return {
    contact: {
      phone_number,
      first_name,
      ...(last_name === '' ? {} : { last_name }),
      ...(vcard === '' ? {} : { vcard }),
    },
  };
}

/** A file by its address or by its id; undefined for a result of another kind. Games and stickers are not simulated. */
export function mediaOf(type: string, fields: CallInput): GivenContent | undefined {
  if (type === 'game' || type === 'sticker') throw badRequest(`the simulator has no ${type}s`);
  const file = FILES[type];
  if (file === undefined) return undefined;
  const { kind, name, titled } = file;
  const url = text(fields, `${name}_url`);
  if (titled || (type === 'audio' && url !== '')) needed(fields, 'title');
  if (url !== '' && (type === 'video' || type === 'document')) needed(fields, 'mime_type');
  const source: FileSource =
    url === '' ? { type: 'file_id', fileId: needed(fields, `${name}_file_id`) } : { type: 'url', url };
  const size = (field: string): number => integer(0, 0)(fields, `${name}_${field}`);
  const details = {
    width: size('width'),
    height: size('height'),
    duration: size('duration'),
    ...(kind === 'audio' ? { title: text(fields, 'title'), performer: text(fields, 'performer') } : {}),
  };
  const caption = CAPTION.caption(fields, 'caption');
  const isAbove = flag(fields, 'show_caption_above_media');
  return { type: 'media', media: { type: kind, source, details, caption, isAbove, isSpoiler: false } };
}
