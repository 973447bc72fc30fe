import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { startAtZero } from './counting.js';

/**
 * The metrics of this process. Labels take values from fixed lists only: never an id, a name or a text from outside, so
 * the number of series does not grow with workspaces or bots.
 */
export const processRegistry = new Registry();

const registers = [processRegistry];

/** Upper bounds in seconds: of responses that a person waits for, and of work that may take minutes. */
export const ANSWER = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const WORK = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 15, 60, 300];

const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
  new Counter<Label>({ name: `starwall_${name}`, help, labelNames, registers });

const histogram = <Label extends string>(name: string, help: string, buckets: number[], ...labelNames: Label[]) =>
  new Histogram<Label>({ name: `starwall_${name}`, help, buckets, labelNames, registers });

const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
  new Gauge<Label>({ name: `starwall_${name}`, help, labelNames, registers });

export const preCheckoutSeconds = histogram(
  'pre_checkout_seconds',
  "Time from a pre-checkout's arrival until Telegram accepted the answer: approved, refused, or unanswered.",
  ANSWER,
  'outcome',
);
export const preCheckoutRefusals = counter(
  'pre_checkout_refusals_total',
  'Pre-checkouts refused, by reason.',
  'reason',
);
export const ingressSeconds = histogram(
  'ingress_seconds',
  'Responses to deliveries from Telegram, by HTTP status. 200: the update is stored; 401: refused; 503: Telegram repeats it.',
  ANSWER,
  'status',
);
export const apiSeconds = histogram(
  'api_seconds',
  'Responses of the API and the dashboard, by class of the HTTP status.',
  ANSWER,
  'status',
);
export const updatesHandled = counter(
  'updates_handled_total',
  'Attempts to handle a stored update: done, retry, parked, or put_back because the database was unavailable.',
  'outcome',
);
export const eventsRelayed = counter(
  'events_total',
  'Events by type, counted when they leave the outbox. order.paid is a sale, refund.succeeded a refund.',
  'type',
);
export const starsSold = counter('stars_sold_total', 'Stars that buyers paid.');
export const jobAttempts = counter(
  'job_attempts_total',
  'Attempts at jobs, by kind and outcome: done, retry, parked, wait or move.',
  'kind',
  'outcome',
);
export const jobSeconds = histogram('job_seconds', 'Duration of attempts at jobs, by queue.', WORK, 'queue');
export const webhookSeconds = histogram(
  'webhook_seconds',
  "Calls to creators' endpoints: accepted, gone, refused by a response, or unreachable.",
  WORK,
  'outcome',
);
export const telegramCalls = counter(
  'telegram_calls_total',
  'Calls to the Bot API: ok, rate_limited (429), token_invalid, refused, failed (5xx), timeout or network.',
  'method',
  'outcome',
);
export const telegramSeconds = histogram('telegram_seconds', 'Duration of calls to the Bot API.', ANSWER);
export const databaseWaits = histogram(
  'database_wait_seconds',
  'Time that transactions waited for a connection from the pool.',
  ANSWER,
);
export const databaseErrors = counter(
  'database_errors_total',
  'Transactions that the database could not run: busy, away or full.',
  'trouble',
);
export const reports = counter(
  'reports_total',
  'Reports by where they were read: replica; primary (there is no replica); or primary because the replica was away or behind.',
  'outcome',
);
export const replicaLag = gauge(
  'replica_lag_seconds',
  'Age of the last transaction that the replica had applied when a report asked for it.',
);
export const failedRounds = counter(
  'failed_rounds_total',
  'Rounds of periodic work that ended with an error, by name.',
  'round',
);
export const ready = gauge('ready', '1 while the process takes requests and its database writes, otherwise 0.');
export const clockAhead = gauge(
  'clock_ahead_seconds',
  "Seconds by which this process's clock was ahead of the database's at the last comparison.",
);
export const filesFree = gauge('files_free_bytes', 'Free space in the directory for files.');

// A series has to exist before its first event: Prometheus takes the first value that it sees as the baseline.
startAtZero(preCheckoutRefusals, 'reason', ['unavailable']);
startAtZero(databaseErrors, 'trouble', ['busy', 'away', 'full']);
startAtZero(reports, 'outcome', ['replica', 'primary', 'away', 'behind']);
for (const outcome of ['approved', 'refused', 'unanswered']) preCheckoutSeconds.zero({ outcome });
for (const outcome of ['accepted', 'gone', 'refused', 'unreachable']) webhookSeconds.zero({ outcome });
for (const status of ['200', '503']) ingressSeconds.zero({ status });
for (const status of ['2xx', '5xx']) apiSeconds.zero({ status });
