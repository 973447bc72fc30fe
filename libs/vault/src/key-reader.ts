import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { keyBytes, type MasterKeyConfig } from '#libs/runtime';
import { KmsClient, type KeyService } from './kms.client.js';
import { MasterKeys } from './master-keys.js';

const refuse = (why: string): never => {
  throw new Error(`Refusing to start: ${why}`);
};

/**
 * Reads the master keys from the configured place. A KMS, if any, is called once per key.
 * @throws Error with a remedy and without a secret
 */
export async function readMasterKeys(settings: MasterKeyConfig, kms?: KeyService): Promise<MasterKeys> {
  const texts = settings.file === undefined ? settings.keys : linesOf(settings.file);
  const where = settings.file ?? 'STARWALL_MASTER_KEY';
  const service = kms ?? (settings.kms === undefined ? undefined : new KmsClient(settings.kms));
  const [first, ...others] = await Promise.all(
    texts.map((text, i) => keyFrom(text, `key ${i + 1} of ${where}`, service)),
  );
  return first === undefined
    ? refuse(`${where} contains no key. ${HOW_TO_MAKE_ONE}`)
    : new MasterKeys(first, ...others);
}

const HOW_TO_MAKE_ONE = 'Add one: 32 random bytes, for example from `openssl rand -base64 32`.';

async function keyFrom(text: string, where: string, kms: KeyService | undefined): Promise<Buffer> {
  if (kms === undefined)
    return keyBytes(text) ?? refuse(`${where} is not 32 bytes as base64 or hex. ${HOW_TO_MAKE_ONE}`);
  if (keyBytes(text) !== undefined) {
    return refuse(
      `${where} is a bare key, and KMS_KEY_ID is set. Use the output of \`npm run keys new-master\` instead.`,
    );
  }
  const key = await kms.decrypt(Buffer.from(text, 'base64')).catch((error: Error) => {
    throw new Error(`Refusing to start: the KMS did not decrypt ${where}: ${error.message}`);
  });
  return key.length === 32
    ? key
    : refuse(`${where} is not 32 bytes when decrypted. Make one with \`npm run keys new-master\`.`);
}

/** One key per line, the current one first; blank lines and lines that begin with # are ignored. */
function linesOf(path: string): string[] {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return refuse(`STARWALL_MASTER_KEY_FILE names ${path}, which cannot be read (${code}).`);
  }
  try {
    const { mode } = fstatSync(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      refuse(`${path} contains the master keys, and users other than its owner may open it. Run: chmod 600 ${path}`);
    }
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  } finally {
    closeSync(file);
  }
}
