import { z } from 'zod';
import { noSlash, url } from './url-setting.js';

const text = z.string().trim().min(1);

const settings = z.object({
  STARWALL_MASTER_KEY: text.optional(),
  STARWALL_MASTER_KEY_PREVIOUS: text.transform((all) => all.split(',').map((one) => one.trim())).optional(),
  STARWALL_MASTER_KEY_FILE: text.optional(),
  KMS_KEY_ID: text.optional(),
  KMS_REGION: text.default('us-east-1'),
  KMS_ENDPOINT: url(['http:', 'https:']).optional(),
  KMS_ACCESS_KEY_ID: text.optional(),
  KMS_SECRET_ACCESS_KEY: text.optional(),
  KMS_SESSION_TOKEN: text.optional(),
});

type Settings = z.infer<typeof settings>;

export interface KmsConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly keyId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** The location of the master keys. */
export interface MasterKeyConfig {
  /** The keys as configured, the current one first; empty when they are in the file. */
  readonly keys: readonly string[];
  readonly file: string | undefined;
  /** The KMS that encrypted the configured keys, if any. */
  readonly kms: KmsConfig | undefined;
}

/** A key of 32 bytes from base64, base64url or hex; undefined when it is not one. */
export function keyBytes(key: string): Buffer | undefined {
  const bytes = Buffer.from(key, /^[0-9a-f]{64}$/i.test(key) ? 'hex' : 'base64');
  return bytes.length === 32 ? bytes : undefined;
}

/** @returns the settings of the master keys, and their problems, one sentence each */
export function readKeyConfig(env: Readonly<Record<string, unknown>>): [MasterKeyConfig | undefined, string[]] {
  const parsed = settings.safeParse(env);
  if (!parsed.success) return [undefined, parsed.error.issues.map((it) => `${it.path.join('.')}: ${it.message}`)];
  const {
    STARWALL_MASTER_KEY: key,
    STARWALL_MASTER_KEY_PREVIOUS: others = [],
    STARWALL_MASTER_KEY_FILE: file,
  } = parsed.data;
  const config = { keys: key === undefined ? [] : [key, ...others], file, kms: kmsOf(parsed.data) };
  return [config, [...whereProblems(parsed.data), ...keyProblems(parsed.data), ...kmsProblems(parsed.data)]];
}

const A_KEY = 'must be 32 random bytes, for example from `openssl rand -base64 32`';

function whereProblems(it: Settings): string[] {
  const inline = it.STARWALL_MASTER_KEY ?? it.STARWALL_MASTER_KEY_PREVIOUS;
  if (it.STARWALL_MASTER_KEY_FILE !== undefined) {
    if (inline === undefined) return [];
    return [
      'STARWALL_MASTER_KEY_FILE: contains all keys, so STARWALL_MASTER_KEY and STARWALL_MASTER_KEY_PREVIOUS must not be set',
    ];
  }
  if (it.STARWALL_MASTER_KEY !== undefined) return [];
  if (inline !== undefined) return ['STARWALL_MASTER_KEY_PREVIOUS: also needs STARWALL_MASTER_KEY'];
  return [`STARWALL_MASTER_KEY: ${A_KEY}; or name its file in STARWALL_MASTER_KEY_FILE`];
}

/** Lists the problems of the keys. Keys encrypted by a KMS are not checked, since only the KMS can read them. */
function keyProblems({
  KMS_KEY_ID,
  STARWALL_MASTER_KEY: key,
  STARWALL_MASTER_KEY_PREVIOUS: others = [],
}: Settings): string[] {
  if (KMS_KEY_ID !== undefined) return [];
  const bad = (one: string) => keyBytes(one) === undefined;
  return [
    ...(key !== undefined && bad(key) ? [`STARWALL_MASTER_KEY: ${A_KEY}`] : []),
    ...(others.some(bad) ? [`STARWALL_MASTER_KEY_PREVIOUS: each of its keys, with commas between them, ${A_KEY}`] : []),
  ];
}

function kmsProblems(it: Settings): string[] {
  if (it.KMS_KEY_ID !== undefined) {
    return kmsOf(it) === undefined ? ['KMS_KEY_ID: also needs KMS_ACCESS_KEY_ID and KMS_SECRET_ACCESS_KEY'] : [];
  }
  const stray = it.KMS_ENDPOINT ?? it.KMS_ACCESS_KEY_ID ?? it.KMS_SECRET_ACCESS_KEY ?? it.KMS_SESSION_TOKEN;
  return stray === undefined ? [] : ['KMS_KEY_ID: must name the key when another KMS setting is given'];
}

function kmsOf(it: Settings): KmsConfig | undefined {
  const { KMS_KEY_ID: keyId, KMS_ACCESS_KEY_ID: accessKeyId, KMS_SECRET_ACCESS_KEY: secretAccessKey } = it;
  if (keyId === undefined || accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return {
    endpoint: `${noSlash(it.KMS_ENDPOINT ?? `https://kms.${it.KMS_REGION}.amazonaws.com`)}/`,
    region: it.KMS_REGION,
    keyId,
    accessKeyId,
    secretAccessKey,
    sessionToken: it.KMS_SESSION_TOKEN,
  };
}
