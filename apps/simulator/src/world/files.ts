import type { Random } from './random.js';
import type { Audio, Document, FileRef, MessageContent, PhotoSize, Video, Voice } from './telegram-types.js';

export interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

export type FileKind = 'photo' | 'document' | 'video' | 'voice' | 'audio' | 'animation';

/**
 * A file's details as given by the sender: the simulator reads the content of pictures only. Sizes in pixels, durations
 * in seconds.
 */
export interface MediaDetails {
  readonly width?: number;
  readonly height?: number;
  readonly duration?: number;
  readonly start_timestamp?: number;
  readonly performer?: string;
  readonly title?: string;
}

export interface StoredFile {
  readonly kind: FileKind;
  readonly botId: number;
  readonly upload: Upload;
  readonly ref: FileRef;
  /** The `file_path` of getFile. */
  readonly path: string;
}

const FILE_ID: Readonly<Record<FileKind, string>> = {
  photo: 'AgACAgIA',
  document: 'BQACAgIA',
  video: 'BAACAgIA',
  voice: 'AwACAgIA',
  audio: 'CQACAgIA',
  animation: 'CgACAgIA',
};

/** Uploaded files, in memory. A `file_id` is valid only for the bot that got it, as on Telegram. */
export class Files {
  readonly byId = new Map<string, StoredFile>();

  constructor(private readonly random: () => Random) {}

  store(kind: StoredFile['kind'], botId: number, upload: Upload): StoredFile {
    const random = this.random();
    const ref = {
      file_id: `${FILE_ID[kind]}AxkBAAI${random.text(57)}`,
      file_unique_id: (kind === 'photo' ? 'AQAD' : 'AgAD') + random.text(12),
      file_size: upload.bytes.length,
    };
    const ordinal = this.byId.size + 1;
    const extension = /\.[a-zA-Z0-9]{1,8}$/.exec(upload.name)?.[0] ?? '';
    const path = `${kind}s/file_${ordinal}${extension}`;
    const stored: StoredFile = { kind, botId, upload, ref, path };
    this.byId.set(ref.file_id, stored);
    return stored;
  }

  find(botId: number, fileId: string): StoredFile | undefined {
    const file = this.byId.get(fileId);
    return file?.botId === botId ? file : undefined;
  }

  findByPath(botId: number, path: string): StoredFile | undefined {
    return [...this.byId.values()].find((file) => file.botId === botId && file.path === path);
  }

  clear(): void {
    this.byId.clear();
  }
}

function asDocument(file: StoredFile): Document {
  return { ...file.ref, file_name: file.upload.name, mime_type: file.upload.mimeType };
}

export function asVideo(file: StoredFile, details: MediaDetails): Video {
  const { width = 0, height = 0, duration = 0, start_timestamp = 0 } = details;
  return { ...asDocument(file), width, height, duration, ...(start_timestamp === 0 ? {} : { start_timestamp }) };
}

function asVoice(file: StoredFile, { duration = 0 }: MediaDetails): Voice {
  return { ...file.ref, duration, mime_type: file.upload.mimeType };
}

function asAudio(file: StoredFile, { duration = 0, performer = '', title = '' }: MediaDetails): Audio {
  return {
    ...asDocument(file),
    duration,
    ...(performer === '' ? {} : { performer }),
    ...(title === '' ? {} : { title }),
  };
}

const SQUARE = { width: 320, height: 320 };

/** The part of a message that contains the file. */
export function shown(file: StoredFile, details: MediaDetails = { ...SQUARE, duration: 1 }): MessageContent {
  switch (file.kind) {
    case 'photo':
      return { photo: asPhoto(file) };
    case 'video':
      return { video: asVideo(file, details) };
    case 'voice':
      return { voice: asVoice(file, details) };
    case 'audio':
      return { audio: asAudio(file, details) };
    case 'animation':
      return { animation: asVideo(file, details), document: asDocument(file) };
    case 'document':
      return { document: asDocument(file) };
  }
}

/** One size, the original: the simulator does not scale pictures. */
export function asPhoto(file: StoredFile): readonly PhotoSize[] {
  return [{ ...file.ref, ...dimensions(file.upload.bytes) }];
}

/** Width and height from a PNG or JPEG header; a square for anything else. */
function dimensions(bytes: Buffer): { width: number; height: number } {
  if (bytes.length > 24 && bytes.readUInt32BE(0) === 0x89504e47) {
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return SQUARE;
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return SQUARE;
}
