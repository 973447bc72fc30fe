import type { FastifyRequest } from 'fastify';
import { InvalidKeys, MAX_KEY_LIST } from '#libs/catalog';
import { uploadOf } from '../files/upload.js';

/** The text of an uploaded list of keys. @throws InvalidUpload, InvalidKeys when it is too long or not UTF-8 */
export async function keyListOf(request: FastifyRequest): Promise<string> {
  const { stream } = await uploadOf(request);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MAX_KEY_LIST) throw refused(`must have at most ${MAX_KEY_LIST} bytes`);
    chunks.push(Buffer.from(chunk));
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw refused('must be a text in UTF-8');
  }
}

const refused = (message: string) => new InvalidKeys([{ path: 'file', message }]);
