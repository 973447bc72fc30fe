import { asPhoto, asVideo, type FileKind, type MediaDetails, shown } from '../world/files.js';
import type { RichText } from '../world/entities.js';
import type { Message, PaidMedia } from '../world/telegram-types.js';
import { storedFile } from './files.js';
import type { Caller } from './caller.js';
import type { Handlers } from './handlers.js';
import { mediaContent } from './input-media.js';
import { checkPayButtons } from './keyboards.js';
import { asCaption } from './message-content.js';
import type { InputPaidMedia } from './paid-media-list.js';
import type { FileSource } from './readers.js';
import { addressee, post, type Sending } from './sending.js';

async function paidMedia(caller: Caller, { type, source, details }: InputPaidMedia): Promise<PaidMedia> {
  const file = await storedFile(caller, type, source);
  return type === 'photo' ? { type, photo: asPhoto(file) } : { type, video: asVideo(file, details) };
}

/** Parameters of a method that sends one file, except the file. */
interface FileSending extends Sending, MediaDetails {
  readonly caption: RichText;
  readonly has_spoiler?: boolean;
  readonly show_caption_above_media?: boolean;
}

async function sendFile(caller: Caller, kind: FileKind, source: FileSource, sending: FileSending): Promise<Message> {
  checkPayButtons(sending.reply_markup, false);
  const place = addressee(caller, sending);
  const file = await storedFile(caller, kind, source);
  return post(caller, place, sending, {
    ...shown(file, sending),
    ...asCaption(sending.caption),
    ...(sending.has_spoiler === true ? { has_media_spoiler: true } : {}),
    ...(sending.show_caption_above_media === true ? { show_caption_above_media: true } : {}),
  });
}

export const mediaMethods: Handlers<
  | 'sendPhoto'
  | 'sendDocument'
  | 'sendVideo'
  | 'sendAnimation'
  | 'sendAudio'
  | 'sendVoice'
  | 'sendMediaGroup'
  | 'sendPaidMedia'
> = {
  sendPhoto: (caller, { photo, ...sending }) => sendFile(caller, 'photo', photo, sending),
  sendDocument: (caller, { document, ...sending }) => sendFile(caller, 'document', document, sending),
  sendVideo: (caller, { video, ...sending }) => sendFile(caller, 'video', video, sending),
  sendAnimation: (caller, { animation, ...sending }) => sendFile(caller, 'animation', animation, sending),
  sendAudio: (caller, { audio, ...sending }) => sendFile(caller, 'audio', audio, sending),
  sendVoice: (caller, { voice, ...sending }) => sendFile(caller, 'voice', voice, sending),

  async sendMediaGroup(caller, { media, ...sending }) {
    const place = addressee(caller, sending);
    const media_group_id = String(caller.world.random.between(1, 2 ** 31));
    const contents = await Promise.all(media.map((item) => mediaContent(caller, item)));
    return contents.map((content) => post(caller, place, sending, { ...content, media_group_id }));
  },

  async sendPaidMedia(caller, { star_count, media, payload, caption, show_caption_above_media, ...sending }) {
    checkPayButtons(sending.reply_markup, false);
    const place = addressee(caller, sending);
    const paid_media = await Promise.all(media.map((each) => paidMedia(caller, each)));
    const content = {
      paid_media: { star_count, paid_media },
      ...asCaption(caption),
      ...(show_caption_above_media ? ({ show_caption_above_media: true } as const) : {}),
    };
    return post(caller, place, sending, content, { mediaPayload: payload });
  },
};
