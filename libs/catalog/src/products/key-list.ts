import { InvalidKeys, LONGEST_LINE, MAX_KEYS } from './licence-key.js';

/** Bytes of an uploaded list. */
export const MAX_KEY_LIST = 4_194_304;
/** Lines in one upload, including empty ones. */
const MAX_LINES = 2 * MAX_KEYS;
/** Bytes: a UTF-16 unit takes at most three in UTF-8. */
const LONGEST_LINE_BYTES = 3 * LONGEST_LINE;
const [LF, CR] = [0x0a, 0x0d];

/**
 * Reads the text of a list of keys. Refuses it as soon as a limit is exceeded, without reading the rest.
 * @throws InvalidKeys when it has too many bytes or lines, a line that is too long for a key, or is not UTF-8
 */
export async function keyListOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Buffer[] = [];
  const limits = new Limits();
  for await (const chunk of stream) {
    limits.take(chunk);
    chunks.push(Buffer.from(chunk));
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw refused('file', 'must be UTF-8 text');
  }
}

class Limits {
  private bytes = 0;
  private line = 1;
  private lineBytes = 0;
  private last = 0;

  take(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (this.bytes > MAX_KEY_LIST) throw refused('file', `must have at most ${MAX_KEY_LIST} bytes`);
    for (const byte of chunk) {
      if (byte === LF || byte === CR) this.endLine(byte);
      else if (++this.lineBytes > LONGEST_LINE_BYTES) throw refused(`line ${this.line}`, 'is too long for a key');
      this.last = byte;
    }
  }

  private endLine(byte: number): void {
    this.lineBytes = 0;
    if (byte === LF && this.last === CR) return;
    this.line += 1;
    if (this.line > MAX_LINES) throw refused('file', `must have at most ${MAX_LINES} lines`);
  }
}

const refused = (path: string, message: string) => new InvalidKeys([{ path, message }]);
