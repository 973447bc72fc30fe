import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '#libs/database';
import { DomainError, NotFound, parseId, systemClock } from '#libs/kernel';
import { readKeyConfig } from '#libs/runtime';
import {
  DataKeyRotator,
  EVERYBODY,
  type KeyOwner,
  keyStatus,
  KmsClient,
  MasterKeyRotator,
  type MasterKeys,
  PLATFORM,
  readMasterKeys,
  SecretBox,
  SIGNING_PURPOSES,
  SigningKeys,
  type SigningPurpose,
} from '#libs/vault';
import { dataWords, masterWords, signingWords, statusWords, type Told } from './keys-words.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The dependencies of the commands. */
export interface Keys {
  readonly db: Database;
  readonly masterKeys: MasterKeys;
  readonly box: SecretBox;
  readonly report: (sentence: string) => void;
}

export class UnknownPurpose extends DomainError {
  static readonly code = 'unknown_purpose';
  static readonly refusal = 'invalid';
  readonly remedy = `Use one of: ${Object.keys(SIGNING_PURPOSES).join(', ')}.`;

  constructor() {
    super('No tokens are signed for this purpose.');
  }
}

const present = (env: Environment) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));

/** @throws Error that says what is wrong with the settings of the master keys */
export async function openKeys(env: Environment, db: Database, report: Keys['report']): Promise<Keys> {
  const [config, problems] = readKeyConfig(present(env));
  if (config === undefined || problems.length > 0) throw new Error(problems.join('\n'));
  const masterKeys = await readMasterKeys(config);
  return { db, masterKeys, box: new SecretBox(masterKeys), report };
}

export async function newMasterKey(env: Environment): Promise<Told> {
  const [config, problems] = readKeyConfig(present(env));
  const inKms = problems.filter((problem) => problem.startsWith('KMS_'));
  if (config === undefined || inKms.length > 0) throw new Error((config === undefined ? problems : inKms).join('\n'));
  const key = randomBytes(32);
  const shown = config.kms === undefined ? key : await new KmsClient(config.kms).encrypt(key);
  const masterKey = shown.toString('base64');
  return { well: true, words: masterKey, facts: { master_key: masterKey, encrypted: config.kms !== undefined } };
}

export async function status({ db, masterKeys }: Keys): Promise<Told> {
  return statusWords(await db.inPlatform('keys and the values that they encrypt', (tx) => keyStatus(tx, masterKeys)));
}

export async function rotateMaster({ db, masterKeys, report }: Keys): Promise<Told> {
  const done = await new MasterKeyRotator(db, masterKeys).rotate(report);
  const after = await db.inPlatform('keys and the values that they encrypt', (tx) => keyStatus(tx, masterKeys));
  return masterWords(done, after);
}

/** @param name a workspace's public id, or `platform`; undefined for all */
export async function rotateData({ db, box, report }: Keys, name: string | undefined): Promise<Told> {
  const owner = await ownerOf(db, name);
  return dataWords(await new DataKeyRotator(db, box, pause).rotate(owner, report));
}

/** @param name undefined for all purposes */
export async function rotateSigning({ db, box }: Keys, name: string | undefined, now: boolean): Promise<Told> {
  const all = Object.keys(SIGNING_PURPOSES) as SigningPurpose[];
  const purposes = name === undefined ? all : all.filter((purpose) => purpose === name);
  if (purposes.length === 0) throw new UnknownPurpose();
  const keys = new SigningKeys(db, box, systemClock);
  const rotated = await db.inPlatform('the keys that sign tokens are replaced', async (tx) => {
    const found = [];
    for (const purpose of purposes) found.push(...(await keys.rotate(tx, purpose, now ? 'once' : 'leisure')));
    return found;
  });
  return signingWords(rotated);
}

async function ownerOf(db: Database, name: string | undefined): Promise<KeyOwner> {
  if (name === undefined) return EVERYBODY;
  if (name === PLATFORM) return PLATFORM;
  const id = parseId('tenant', name);
  if (id === undefined) throw new NotFound('workspace');
  const rows = await db.inPlatform('staff look up a workspace by its id', (tx) =>
    tx.query('select 1 from tenants where id = $1', [id]),
  );
  if (rows.length === 0) throw new NotFound('workspace');
  return id;
}
