import { TelegramRefused } from './telegram-error.js';
import { judge } from './verdict.js';

/**
 * An invoice shows a photo by its address only (Bot API, sendInvoice). One that Telegram cannot fetch is left out: the invoice is what
 * matters, and what was refused was not sent.
 */
export async function withPhoto<T>(
  photoUrl: string | null,
  send: (photo: { readonly photo_url?: string }) => Promise<T>,
): Promise<T> {
  if (photoUrl === null) return send({});
  return send({ photo_url: photoUrl }).catch((error: unknown) => {
    if (!(error instanceof TelegramRefused) || judge(error).kind !== 'refused') throw error;
    return send({});
  });
}

/** Telegram fetches what lies at the address and shows it above the text; an address that a creator writes in a text is not shown. */
export const photoPreview = (photoUrl: string | null) =>
  photoUrl === null
    ? { is_disabled: true }
    : { url: photoUrl, prefer_large_media: true, show_above_text: true, is_disabled: false };
