import type { Message } from 'grammy/types';
import { clip } from '#libs/kernel';
import type { SupportFile } from './support.js';

const LONGEST_NAME = 256;

interface Named {
  readonly file_id: string;
  readonly file_name?: string;
}

/** Returns the file in a message, in its best size; undefined if there is none. */
export function fileIn(message: Message): SupportFile | undefined {
  // An animation is also sent as a document, for older clients (Bot API, Message.animation).
  const { animation, photo, live_photo, video, video_note, voice, audio, document, sticker } = message;
  if (animation !== undefined) return file('animation', animation);
  const largest = photo?.at(-1);
  if (largest !== undefined) return file('photo', largest);
  if (live_photo !== undefined) return file('video', live_photo);
  if (video !== undefined) return file('video', video);
  if (video_note !== undefined) return file('video_note', video_note);
  if (voice !== undefined) return file('voice', voice);
  if (audio !== undefined) return file('audio', audio);
  if (document !== undefined) return file('document', document);
  return sticker === undefined ? undefined : file('sticker', sticker);
}

function file(kind: SupportFile['kind'], { file_id: fileId, file_name }: Named): SupportFile {
  const name = clip(file_name?.replaceAll('\u0000', '').trim() ?? '', LONGEST_NAME);
  return { kind, fileId, name: name === '' ? null : name };
}
