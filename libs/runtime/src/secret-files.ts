import { readFileSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Settings that are or contain secrets. STARWALL_MASTER_KEY_FILE is a separate setting, because it contains several
 * keys.
 */
const SECRETS = [
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'DATABASE_BELL_URL',
  'DATABASE_REPLICA_URL',
  'REDIS_URL',
  'SMTP_URL',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
  'KMS_ACCESS_KEY_ID',
  'KMS_SECRET_ACCESS_KEY',
  'KMS_SESSION_TOKEN',
] as const;

/**
 * Reads each secret `NAME` from the file that `NAME_FILE` names, without surrounding white space. Empty variables count
 * as absent.
 * @throws Error, without the secret, for a file that cannot be read or is empty, and for a secret that is set twice
 */
export function withSecretFiles(env: Environment): Environment {
  const read = SECRETS.flatMap((name) => {
    const file = env[`${name}_FILE`] ?? '';
    if (file === '') return [];
    if ((env[name] ?? '') !== '') throw new Error(`${name} and ${name}_FILE: only one of them may be set.`);
    return [[name, secretIn(`${name}_FILE`, file)] as const];
  });
  return { ...env, ...Object.fromEntries(read) };
}

function secretIn(setting: string, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Error(`${setting}: ${file} cannot be read (${String((error as NodeJS.ErrnoException).code)}).`);
  }
  if (text === '') throw new Error(`${setting}: ${file} is empty.`);
  return text;
}
