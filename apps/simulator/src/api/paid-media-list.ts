import { badRequest } from '../world/errors.js';
import { type InputMedia, inputMedia } from './input-media.js';
import { integer, json, type Reader, requiredText, text } from './readers.js';

const MOST_ITEMS = 10;
const DEAREST = 25_000;
const LONGEST_PAYLOAD = 128;

export type InputPaidMedia = InputMedia & { readonly type: 'photo' | 'video' };

const isSold = (media: InputMedia): media is InputPaidMedia => media.type === 'photo' || media.type === 'video';

export const paidMediaList: Reader<readonly InputPaidMedia[]> = (input, name) => {
  requiredText(input, name);
  const list = json('paid media')(input, name);
  if (!Array.isArray(list)) throw badRequest('expected an Array of InputPaidMedia');
  if (list.length === 0 || list.length > MOST_ITEMS) throw badRequest('wrong number of media specified');
  return list.map((item: unknown) => {
    const media = inputMedia(input, item, 'InputPaidMedia');
    if (!isSold(media)) throw badRequest(`can't parse InputPaidMedia: type "${media.type}" is unsupported`);
    return media;
  });
};

/** Assumption: the wording is the one for payments. */
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
