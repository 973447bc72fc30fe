import { asPhoto, asVideo } from '../world/files.js';
import type { PaidMedia } from '../world/telegram-types.js';
import { replied, writable } from './chats.js';
import { storedFile } from './files.js';
import type { Caller, Handlers } from './handlers.js';
import { checkPayButtons } from './keyboards.js';
import { asCaption, withMarkup } from './message-content.js';
import type { InputPaidMedia } from './paid-media-list.js';

function paidMedia(caller: Caller, { type, source, video }: Omit<InputPaidMedia, 'caption'>): PaidMedia {
  const file = storedFile(caller, type, source);
  return type === 'photo' ? { type, photo: asPhoto(file) } : { type, video: asVideo(file, video) };
}

function openMedia(caller: Caller, { type, source, video }: InputPaidMedia) {
  const file = storedFile(caller, type, source);
  return type === 'photo' ? { photo: asPhoto(file) } : { video: asVideo(file, video) };
}

export const mediaMethods: Handlers<'sendPaidMedia' | 'sendVideo' | 'sendMediaGroup'> = {
  sendVideo(caller, { chat_id, video, caption, reply_parameters, reply_markup }) {
    checkPayButtons(reply_markup, false);
    const place = writable(caller, chat_id);
    const file = asVideo(storedFile(caller, 'video', video), { width: 0, height: 0, duration: 0 });
    const content = {
      ...replied(place, reply_parameters),
      video: file,
      ...asCaption(caption),
      ...withMarkup(reply_markup),
    };
    return caller.world.conversations.botSays(caller.bot, place, content);
  },

  sendMediaGroup(caller, { chat_id, media, reply_parameters }) {
    const place = writable(caller, chat_id);
    const media_group_id = String(caller.world.random.between(1, 2 ** 31));
    return media.map((item) => {
      const caption = asCaption({ text: item.caption, entities: [] });
      const content = { ...replied(place, reply_parameters), ...openMedia(caller, item), ...caption, media_group_id };
      return caller.world.conversations.botSays(caller.bot, place, content);
    });
  },

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
