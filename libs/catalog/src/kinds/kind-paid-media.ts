import type { FieldError } from '#libs/kernel';
import { atOnce, type TermedKind, problem } from './kind.js';

/**
 * Items of one message (Bot API, sendPaidMedia). Live photos are excluded, because they cannot be checked before they
 * are sent.
 */
export const MAX_MEDIA = 10;
/** Whole Stars (Bot API, sendPaidMedia: `star_count`). */
export const MAX_MEDIA_PRICE = 25_000;
/** A bot can upload a photo of up to 10 MB; for a video the limit is that of any file (Bot API, sending files). */
export const MAX_PHOTO_BYTES = 10_485_760;

export const MEDIA_TYPES = ['photo', 'video'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

/** A photo or video: a file of the workspace, or Telegram's id of one that the bot has sent or received before. */
export interface MediaItem {
  readonly type: MediaType;
  readonly fileId: string | null;
  /** Works for this bot only. */
  readonly telegramFileId: string | null;
}

export interface PaidMediaTerms {
  /** In the order of display, 1 to {@link MAX_MEDIA}. */
  readonly items: readonly MediaItem[];
}

/** Photos and videos that Telegram blurs until they are paid for. */
export const paidMedia: TermedKind<PaidMediaTerms> = {
  charged: 'once',
  cardPromise: atOnce,
  fields: [],
  maxStars: MAX_MEDIA_PRICE,
  unasked: true,
  // It is not paid through an invoice.
  personal: true,
  usualTerms: { items: [] },
  problems: (_, { items = [] }) => [
    ...problem('items', countProblem(items.length)),
    ...items.flatMap((item, place) => problem(`items.${place}`, sourceProblem(item))),
  ],
};

const countProblem = (count: number) =>
  count >= 1 && count <= MAX_MEDIA ? undefined : `must be a list of 1 to ${MAX_MEDIA} photos and videos`;

const sourceProblem = ({ fileId, telegramFileId }: MediaItem) =>
  (fileId === null) === (telegramFileId === null) ? 'must name exactly one of file_id and telegram_file_id' : undefined;

/** Returns the reason why a file cannot be sent as this type of media; undefined if it can. */
export function mediaFileProblem(
  type: MediaType,
  file: { readonly mime: string; readonly bytes: number },
): string | undefined {
  if (!file.mime.startsWith(type === 'photo' ? 'image/' : 'video/'))
    return `must be a ${type}, but the file is ${file.mime}`;
  return type === 'photo' && file.bytes > MAX_PHOTO_BYTES ? 'must be a photo of at most 10 MB' : undefined;
}

/** Checks all files of a product in the same way. @param files by id; missing files are ignored */
export function mediaProblems(
  { items }: PaidMediaTerms,
  files: ReadonlyMap<string, { readonly mime: string; readonly bytes: number }>,
): FieldError[] {
  return items.flatMap(({ type, fileId }, place) => {
    const file = fileId === null ? undefined : files.get(fileId);
    return problem(`paid_media.items.${place}.file_id`, file && mediaFileProblem(type, file));
  });
}
