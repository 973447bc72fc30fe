import { z } from 'zod';
import { type MasterKeyConfig, readKeyConfig } from './key-config.js';
import { isEverybody, isNetwork } from './networks.js';
import { withSecretFiles } from './secret-files.js';
import { noSlash, url } from './url-setting.js';

const flag = z.stringbool().default(false);

/** A comma-separated list; empty for an empty text. */
const parts = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()])));

const networks = parts.refine((list) => list.every(isNetwork), {
  error: 'must be comma-separated addresses or networks, for example 10.0.0.0/8,192.0.2.7',
});

const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text && !text.includes('*');

const origins = parts.refine((list) => list.every(isOrigin), {
  error: 'must be comma-separated exact origins, for example https://app.example.com; there is no wildcard',
});

const environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  INGRESS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(['http:', 'https:']).optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_PORT: z.coerce.number().int().min(0).max(65_533).default(9400),
  PUBLIC_URL: url(['http:', 'https:']).optional(),
  INGRESS_PUBLIC_URL: url(['http:', 'https:']).optional(),
  DATABASE_URL: url(['postgres:', 'postgresql:']),
  DATABASE_OWNER_URL: url(['postgres:', 'postgresql:']).optional(),
  DATABASE_BELL_URL: url(['postgres:', 'postgresql:']).optional(),
  DATABASE_REPLICA_URL: url(['postgres:', 'postgresql:']).optional(),
  DATABASE_REPLICA_LAG_SECONDS: z.coerce.number().int().min(1).max(3_600).default(30),
  DATABASE_PREPARED_STATEMENTS: z.stringbool().default(true),
  REDIS_URL: url(['redis:', 'rediss:']).optional(),
  TELEGRAM_API_ROOT: url(['http:', 'https:']).default('https://api.telegram.org'),
  STARWALL_LIVEMODE: z.stringbool().optional(),
  SIMULATOR_PUBLIC_URL: url(['http:', 'https:']).optional(),
  STARWALL_DATA_DIR: z.string().min(1).default('.starwall'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  S3_ENDPOINT: url(['http:', 'https:']).optional(),
  S3_BUCKET: z.string().min(1).optional(),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  SMTP_URL: url(['smtp:', 'smtps:']).optional(),
  MAIL_FROM: z.string().min(3).max(254).optional(),
  STARWALL_RECONCILE: z.stringbool().default(true),
  TRUSTED_PROXIES: networks.refine((list) => !list.some(isEverybody), {
    error: 'must not cover all addresses: a trusted proxy decides where a request appears to come from',
  }),
  TELEGRAM_NETWORKS: networks,
  CORS_ORIGINS: origins,
  STARWALL_CLOSE_AFTER_DAYS: z.coerce.number().int().min(1).max(365).default(30),
  STARWALL_ERASED_REFUND_DAYS: z.coerce.number().int().min(0).max(3_650).default(180),
  STARWALL_RATE_LIMIT: z.coerce.number().int().min(1).max(1_000_000).default(300),
  STARWALL_DRAIN_SECONDS: z.coerce.number().int().min(0).max(60).optional(),
  DANGEROUS_LOOPBACK_WEBHOOKS: flag,
});

export interface S3Config {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface SmtpConfig {
  readonly url: string;
  /** The sender, for example `Starwall <no-reply@example.com>`. */
  readonly from: string;
}

export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** The port of `apps/ingress`. */
  readonly ingressPort: number;
  /** The address on which every process serves its metrics. */
  readonly metricsHost: string;
  /** The platform's port for metrics; the ingress uses the next one, the worker the one after it. 0: any free ports. */
  readonly metricsPort: number;
  /** The collector of traces (OTLP over HTTP), and the share of them that it receives; undefined: none are recorded. */
  readonly tracesTo: { readonly endpoint: string; readonly share: number } | undefined;
  /** The URL at which browsers and programs reach the API; no slash at the end. */
  readonly publicUrl: string;
  /**
   * The URL at which Telegram reaches the ingress; no slash at the end. The same as `publicUrl` behind a proxy that
   * routes by path.
   */
  readonly ingressUrl: string;
  readonly databaseUrl: string;
  readonly databaseOwnerUrl: string | undefined;
  /** PostgreSQL itself, if `databaseUrl` is a pooler that does not pass LISTEN on. */
  readonly bellUrl: string | undefined;
  /** The replica for reports, and the milliseconds that it may lag; undefined: the primary serves them. */
  readonly replica: { readonly url: string; readonly maxLagMs: number } | undefined;
  /** Prepare statements by name; false behind a pooler that does not support it. */
  readonly preparedStatements: boolean;
  readonly redisUrl: string | undefined;
  /** No slash at the end. */
  readonly telegramApiRoot: string;
  /** True when Stars are real; false with the simulator and in test environments. */
  readonly livemode: boolean;
  /**
   * The URL at which people reach the chats of the simulated Telegram; undefined if Telegram is not simulated. No slash
   * at the end.
   */
  readonly simulatorUrl: string | undefined;
  readonly masterKeys: MasterKeyConfig;
  readonly dataDir: string;
  readonly logLevel: string;
  /** Undefined: files are kept in the data directory. */
  readonly s3: S3Config | undefined;
  /** Undefined: emails go to the simulator, where there is one. */
  readonly smtp: SmtpConfig | undefined;
  /** Compare bots' books with Telegram's regularly; if false, only on request. */
  readonly reconcile: boolean;
  /** Networks of the proxies whose X-Forwarded-For is trusted. */
  readonly trustedProxies: readonly string[];
  /** Addresses from which updates are accepted; empty: from anywhere. */
  readonly telegramNetworks: readonly string[];
  /** Origins whose web pages may read the API's responses. */
  readonly corsOrigins: readonly string[];
  /** Days between the request to close a workspace and its deletion. */
  readonly closeAfterDays: number;
  /** Days during which an erased buyer can still be refunded. */
  readonly erasedRefundDays: number;
  /** Requests per minute that one credential may send to one process. */
  readonly rateLimit: number;
  /** Milliseconds for which a stopping process still accepts requests while it reports that it is not ready. */
  readonly drainMs: number;
  /** Allow creators' endpoints on this machine. For development and tests; refused in production. */
  readonly loopbackWebhooks: boolean;
}

/**
 * Reads the environment once. Empty variables count as absent.
 * @throws Error that lists all problems at once
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(
    Object.entries(withSecretFiles(env)).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse(present);
  const [masterKeys, keyProblems] = readKeyConfig(present);
  const problems = parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  problems.push(...keyProblems);
  if (!parsed.success || masterKeys === undefined || problems.length > 0) {
    throw new Error(`Refusing to start, the configuration is invalid:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
  }
  const e = parsed.data;
  const ingressPort = e.INGRESS_PORT ?? portAfter(e.PORT);
  return Object.freeze({
    production: e.NODE_ENV === 'production',
    host: e.HOST,
    port: e.PORT,
    ingressPort,
    metricsHost: e.METRICS_HOST,
    metricsPort: e.METRICS_PORT,
    tracesTo: tracesTo(e),
    publicUrl: noSlash(e.PUBLIC_URL ?? `http://127.0.0.1:${e.PORT}`),
    ingressUrl: noSlash(e.INGRESS_PUBLIC_URL ?? e.PUBLIC_URL ?? `http://127.0.0.1:${ingressPort}`),
    databaseUrl: e.DATABASE_URL,
    databaseOwnerUrl: e.DATABASE_OWNER_URL,
    bellUrl: e.DATABASE_BELL_URL,
    replica: replicaOf(e),
    preparedStatements: e.DATABASE_PREPARED_STATEMENTS,
    redisUrl: e.REDIS_URL,
    telegramApiRoot: noSlash(e.TELEGRAM_API_ROOT),
    livemode: e.STARWALL_LIVEMODE ?? isTelegram(e.TELEGRAM_API_ROOT),
    simulatorUrl: simulatorOf(e),
    masterKeys,
    dataDir: e.STARWALL_DATA_DIR,
    logLevel: e.LOG_LEVEL,
    s3: s3Of(e),
    smtp: e.SMTP_URL === undefined || e.MAIL_FROM === undefined ? undefined : { url: e.SMTP_URL, from: e.MAIL_FROM },
    reconcile: e.STARWALL_RECONCILE,
    trustedProxies: e.TRUSTED_PROXIES,
    telegramNetworks: e.TELEGRAM_NETWORKS,
    corsOrigins: e.CORS_ORIGINS,
    closeAfterDays: e.STARWALL_CLOSE_AFTER_DAYS,
    erasedRefundDays: e.STARWALL_ERASED_REFUND_DAYS,
    rateLimit: e.STARWALL_RATE_LIMIT,
    drainMs: 1_000 * (e.STARWALL_DRAIN_SECONDS ?? (e.NODE_ENV === 'production' ? 5 : 0)),
    loopbackWebhooks: e.DANGEROUS_LOOPBACK_WEBHOOKS,
  });
}

/**
 * The default port of the ingress: two installations on one machine with different API ports then differ in both. 0
 * stays 0: any free port.
 */
export const portAfter = (port: number) => (port === 0 || port === 65_535 ? 0 : port + 1);

/**
 * True for Telegram's own servers, where Stars are always real. A self-hosted Bot API server cannot be distinguished
 * from a simulator.
 */
const isTelegram = (telegramApiRoot: string) => new URL(telegramApiRoot).hostname === 'api.telegram.org';

/** Returns the simulator's URL: an API root that is not Telegram's and moves no real Stars is the simulator. */
function simulatorOf(e: z.infer<typeof environment>): string | undefined {
  if (isTelegram(e.TELEGRAM_API_ROOT) || e.STARWALL_LIVEMODE === true) return undefined;
  return noSlash(e.SIMULATOR_PUBLIC_URL ?? e.TELEGRAM_API_ROOT);
}

const tracesTo = (e: z.infer<typeof environment>): Config['tracesTo'] =>
  e.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
    ? undefined
    : { endpoint: noSlash(e.OTEL_EXPORTER_OTLP_ENDPOINT), share: e.OTEL_TRACES_SAMPLER_ARG };

const replicaOf = (e: z.infer<typeof environment>): Config['replica'] =>
  e.DATABASE_REPLICA_URL === undefined
    ? undefined
    : { url: e.DATABASE_REPLICA_URL, maxLagMs: 1_000 * e.DATABASE_REPLICA_LAG_SECONDS };

function contradictions(e: z.infer<typeof environment>): string[] {
  const problems: string[] = [];
  if (e.NODE_ENV === 'production' && e.DANGEROUS_LOOPBACK_WEBHOOKS) {
    problems.push('DANGEROUS_LOOPBACK_WEBHOOKS: is refused when NODE_ENV is production');
  }
  if (e.NODE_ENV === 'production' && e.PUBLIC_URL === undefined) {
    problems.push('PUBLIC_URL: must be set in production, since Telegram sends updates there');
  }
  const toTelegram = e.INGRESS_PUBLIC_URL === undefined ? 'PUBLIC_URL' : 'INGRESS_PUBLIC_URL';
  const encrypted = e[toTelegram]?.startsWith('https:');
  if (isTelegram(e.TELEGRAM_API_ROOT) && encrypted === false) {
    problems.push(`${toTelegram}: must start with https://, since Telegram sends updates only there`);
  }
  if (isTelegram(e.TELEGRAM_API_ROOT) && e.STARWALL_LIVEMODE === false) {
    problems.push('STARWALL_LIVEMODE: must not be false with api.telegram.org, where Stars are real');
  }
  if (e.NODE_ENV === 'production' && !isTelegram(e.TELEGRAM_API_ROOT) && e.STARWALL_LIVEMODE === undefined) {
    problems.push(
      `STARWALL_LIVEMODE: must say whether ${e.TELEGRAM_API_ROOT} moves real Stars: true for a Bot API server of your own, ` +
        'false for the simulator',
    );
  }
  if (e.TELEGRAM_NETWORKS.length > 0 && e.TRUSTED_PROXIES.length === 0 && encrypted) {
    problems.push(
      `TRUSTED_PROXIES: must name the proxy that terminates https:// for ${toTelegram}. Without it every update comes from that proxy, ` +
        'which is not in TELEGRAM_NETWORKS, and is refused',
    );
  }
  if (e.S3_BUCKET !== undefined && s3Of(e) === undefined) {
    problems.push('S3_BUCKET: also needs S3_ENDPOINT, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY');
  }
  if ((e.SMTP_URL === undefined) !== (e.MAIL_FROM === undefined)) {
    problems.push('SMTP_URL and MAIL_FROM: each needs the other');
  }
  return problems;
}

function s3Of(e: z.infer<typeof environment>): S3Config | undefined {
  const { S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = e;
  if (!S3_ENDPOINT || !S3_BUCKET || !S3_ACCESS_KEY_ID || !S3_SECRET_ACCESS_KEY) return undefined;
  return {
    endpoint: noSlash(S3_ENDPOINT),
    bucket: S3_BUCKET,
    region: e.S3_REGION,
    accessKeyId: S3_ACCESS_KEY_ID,
    secretAccessKey: S3_SECRET_ACCESS_KEY,
  };
}
