import type { Random } from './random.js';
import type { Document, FileRef, MessageContent, PhotoSize, Video, Voice } from './telegram-types.js';

export interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

export type FileKind = 'photo' | 'document' | 'video' | 'voice';

export interface StoredFile {
  readonly kind: FileKind;
  readonly botId: number;
  readonly upload: Upload;
  readonly ref: FileRef;
  /** The `file_path` of getFile. */
  readonly path: string;
}

const FILE_ID = { photo: 'AgACAgIA', document: 'BQACAgIA', video: 'BAACAgIA', voice: 'AwACAgIA' } as const;

/** Uploaded files, in memory. A `file_id` belongs to the bot that got it, as on Telegram. */
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

export function asDocument(file: StoredFile): Document {
  return { ...file.ref, file_name: file.upload.name, mime_type: file.upload.mimeType };
}

/** The sender says how large and long it is: the simulator does not look into videos. */
export function asVideo(file: StoredFile, size: Pick<Video, 'width' | 'height' | 'duration'>): Video {
  return { ...asDocument(file), ...size };
}

export function asVoice(file: StoredFile): Voice {
  return { ...file.ref, duration: 1, mime_type: file.upload.mimeType };
}

/** The part of a message that shows the file. */
export function shown(file: StoredFile): MessageContent {
  switch (file.kind) {
    case 'photo':
      return { photo: asPhoto(file) };
    case 'video':
      return { video: asVideo(file, { ...SQUARE, duration: 1 }) };
    case 'voice':
      return { voice: asVoice(file) };
    case 'document':
      return { document: asDocument(file) };
  }
}

/** One size, the original: the simulator does not scale pictures. */
export function asPhoto(file: StoredFile): readonly PhotoSize[] {
  return [{ ...file.ref, ...dimensions(file.upload.bytes) }];
}

const SQUARE = { width: 320, height: 320 };

/** Width and height out of a PNG or JPEG header; a square for anything else. */
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
