import { asPhoto, asVideo } from '../world/files.js';
import type { PaidMedia } from '../world/telegram-types.js';
import { replied, writable } from './chats.js';
import { storedFile } from './files.js';
import type { Caller, Handlers } from './handlers.js';
import { checkPayButtons } from './keyboards.js';
import { asCaption, withMarkup } from './message-content.js';
import type { InputPaidMedia } from './paid-media-list.js';

function paidMedia(caller: Caller, { type, source, video }: InputPaidMedia): PaidMedia {
  const file = storedFile(caller, type, source);
  return type === 'photo' ? { type, photo: asPhoto(file) } : { type, video: asVideo(file, video) };
}

export const mediaMethods: Handlers<'sendPaidMedia'> = {
  sendPaidMedia(caller, { chat_id, star_count, media, payload, caption, reply_parameters, reply_markup, ...above }) {
    checkPayButtons(reply_markup, false);
    const place = writable(caller, chat_id);
    const info = { star_count, paid_media: media.map((each) => paidMedia(caller, each)) };
    const content = {
      ...replied(place, reply_parameters),
      paid_media: info,
      ...asCaption(caption),
      ...(above.show_caption_above_media ? ({ show_caption_above_media: true } as const) : {}),
      ...withMarkup(reply_markup),
    };
    return caller.world.conversations.botSays(caller.bot, place, content, { mediaPayload: payload });
  },
};
