import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { FileMissing, S3Storage } from '#libs/catalog';
import { SECOND } from '#libs/kernel';
import { Mailer } from '#libs/mail';
import { redisOptions } from '#libs/process';
import { type Config, messageOf } from '#libs/runtime';
import { type Finding, warning, well, wrong } from './finding.js';

const PATIENCE_MS = 10 * SECOND;
/** Bytes. */
const LITTLE_ROOM = 1024 ** 3;

/** Redis, mail and the storage of files. */
export const serviceFindings = (config: Config): Promise<Finding[]> =>
  Promise.all([redis(config), mail(config), files(config)]);

async function redis({ redisUrl, bellUrl }: Config): Promise<Finding> {
  if (redisUrl === undefined)
    return well(
      'bells',
      `Processes wake each other through PostgreSQL${bellUrl === undefined ? '' : ' (DATABASE_BELL_URL)'}.`,
    );
  // Loaded only by installations that use it.
  const { default: Queue } = await import('bull');
  const queue = new Queue('doctor', { redis: redisOptions(redisUrl), prefix: '{starwall}' });
  queue.on('error', () => undefined);
  try {
    const memory = await inTime(queue.client.info('memory'));
    const policy = /maxmemory_policy:(\S+)/.exec(memory)?.[1] ?? 'noeviction';
    if (policy === 'noeviction') return well('redis', 'It answers.');
    return warning(
      'redis',
      `It may evict bells (maxmemory-policy is ${policy}).`,
      'Set maxmemory-policy to noeviction.',
    );
  } catch (error) {
    return wrong(
      'redis',
      `No answer: ${messageOf(error)}.`,
      'Check REDIS_URL. Meanwhile workers poll every second, and nothing is lost.',
    );
  } finally {
    queue.client.disconnect();
  }
}

async function mail(config: Config): Promise<Finding> {
  if (config.smtp === undefined && config.simulatorUrl === undefined)
    return warning('mail', 'No mail is sent: creators get no codes and no warnings.', 'Set SMTP_URL and MAIL_FROM.');
  const mailer = new Mailer(config);
  try {
    await mailer.reach();
    return well(
      'mail',
      config.smtp === undefined ? 'The simulator keeps emails.' : 'The mail server accepts our login.',
    );
  } catch (error) {
    return wrong(
      'mail',
      `The mail server refuses: ${messageOf(error)}.`,
      'Check SMTP_URL, and that this machine may connect to its port.',
    );
  } finally {
    mailer.onApplicationShutdown();
  }
}

async function files({ s3, dataDir }: Config): Promise<Finding> {
  return s3 === undefined ? directory(dataDir) : bucket(s3);
}

async function directory(dataDir: string): Promise<Finding> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.W_OK);
    const { bavail, bsize } = await statfs(dataDir);
    const free = `${Math.floor((bavail * bsize) / 1024 ** 2)} MB`;
    if (bavail * bsize >= LITTLE_ROOM)
      return well('files', `The directory for files is writable and has ${free} left.`);
    return warning(
      'files',
      `The directory for files has only ${free} left.`,
      'Make room in STARWALL_DATA_DIR, or use S3.',
    );
  } catch (error) {
    return wrong(
      'files',
      messageOf(error),
      'STARWALL_DATA_DIR must be a directory that platform and worker may write.',
    );
  }
}

async function bucket(s3: NonNullable<Config['s3']>): Promise<Finding> {
  try {
    const body = await new S3Storage(s3).get(`${randomUUID()}/${randomUUID()}`);
    body.destroy();
  } catch (error) {
    if (!(error instanceof FileMissing))
      return wrong(
        'files',
        'The bucket cannot be read.',
        'Check S3_ENDPOINT, S3_BUCKET and the credentials; they need GetObject, PutObject and DeleteObject.',
      );
  }
  return well('files', `The bucket ${s3.bucket} answers.`);
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing for ${PATIENCE_MS / SECOND} s`)), PATIENCE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
