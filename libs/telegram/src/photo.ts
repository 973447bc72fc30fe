import { TelegramRefused } from './telegram-error.js';
import { judge } from './verdict.js';

/**
 * Sends an invoice with its photo, which Telegram accepts only as an address (Bot API, sendInvoice). If Telegram cannot
 * fetch the photo, the invoice is sent without it: a refused call has sent nothing.
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

/** Makes Telegram show the photo at this address above the text; other addresses in a creator's text get no preview. */
export const photoPreview = (photoUrl: string | null) =>
  photoUrl === null
    ? { is_disabled: true }
    : { url: photoUrl, prefer_large_media: true, show_above_text: true, is_disabled: false };
