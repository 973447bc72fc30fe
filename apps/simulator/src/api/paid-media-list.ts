import { badRequest } from '../world/errors.js';
import { type FileSource, fileSource, integer, json, type Reader, text } from './readers.js';

/** One item of `media`. */
export interface InputPaidMedia {
  readonly type: 'photo' | 'video';
  readonly source: FileSource;
  readonly video: { readonly width: number; readonly height: number; readonly duration: number };
  /** Of an album; paid media has one for all. */
  readonly caption: string;
}

const MOST_ITEMS = 10;
const DEAREST = 25_000;
const LONGEST_PAYLOAD = 128;

/** Live photos are not simulated. */
export const paidMediaList: Reader<readonly InputPaidMedia[]> = (input, name) => {
  const list = json('media')(input, name);
  if (!Array.isArray(list)) throw badRequest('expected an Array of InputPaidMedia');
  if (list.length === 0 || list.length > MOST_ITEMS) throw badRequest('wrong number of media specified');
  return list.map((item: unknown) => {
    if (typeof item !== 'object' || item === null) throw badRequest("can't parse InputPaidMedia: expected an Object");
    const { type, media, ...fields } = item as Readonly<Record<string, unknown>>;
    if (type === 'live_photo') throw badRequest('the simulator sells photos and videos, not live photos');
    if (type !== 'photo' && type !== 'video') throw badRequest("can't parse InputPaidMedia: invalid type specified");
    if (typeof media !== 'string') throw badRequest('can\'t parse InputPaidMedia: Can\'t find field "media"');
    const size = (field: string): number => (typeof fields[field] === 'number' ? Number(fields[field]) : 0);
    const video = { width: size('width'), height: size('height'), duration: size('duration') };
    const caption = typeof fields['caption'] === 'string' ? fields['caption'] : '';
    return { type, source: fileSource(input, media, 'media'), video, caption };
  });
};

/** Photos and videos of an album. Documents and audio in albums are not simulated. */
export const album: Reader<readonly InputPaidMedia[]> = (input, name) => {
  const items = paidMediaList(input, name);
  if (items.length < 2) throw badRequest('there are no messages to send');
  return items;
};

/** The wording is that of a payment's; which one this has is assumed. */
export const mediaPrice: Reader<number> = (input, name) => {
  const price = integer(0)(input, name);
  if (price < 1 || price > DEAREST) throw badRequest('EXTENDED_MEDIA_AMOUNT_INVALID');
  return price;
};

export const mediaPayload: Reader<string> = (input, name) => {
  const value = text(input, name);
  if (Buffer.byteLength(value) > LONGEST_PAYLOAD) throw badRequest('INVOICE_PAYLOAD_INVALID');
  return value;
};
