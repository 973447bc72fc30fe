import type { Message } from 'grammy/types';
import { fileIn } from './message-file.js';

const brings = (content: object) => fileIn(content as Message);
const file = (file_id: string, file_name?: string) => ({ file_id, ...(file_name === undefined ? {} : { file_name }) });

describe('a file from a buyer', () => {
  it.each([
    ['a photo in its largest size', { photo: [file('small'), file('large')] }, 'photo', 'large'],
    [
      'an animation, which is also a document',
      { animation: file('moves'), document: file('moves') },
      'animation',
      'moves',
    ],
    ['the film of a live photo', { live_photo: file('film') }, 'video', 'film'],
    ['a video', { video: file('film') }, 'video', 'film'],
    ['a round video', { video_note: file('round') }, 'video_note', 'round'],
    ['a recording', { voice: file('voice') }, 'voice', 'voice'],
    ['music', { audio: file('song') }, 'audio', 'song'],
    ['a sticker', { sticker: file('smile') }, 'sticker', 'smile'],
  ])('can be %s', (_, message, kind, fileId) => {
    expect(brings(message)).toEqual({ kind, fileId, name: null });
  });

  it('keeps its name as far as possible', () => {
    expect(brings({ document: file('id', 'bill.pdf') })).toMatchObject({ name: 'bill.pdf' });
    expect(brings({ document: file('id', ' \u0000 ') })).toMatchObject({ name: null });
    expect(brings({ document: file('id', 'x'.repeat(300)) })?.name).toHaveLength(256);
  });

  it('can be absent', () => expect(brings({ text: 'Hello' })).toBeUndefined());
});
