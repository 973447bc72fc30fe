import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { type Database, type PlatformTx, withDatabase } from '#libs/database';
import { AuditStore, EventStore, JobStore, NOWHERE } from '#libs/journal';
import { DomainError, NotFound, parseId, publicId } from '#libs/kernel';
import { severityOf, type Trouble, TROUBLE_RULES, type TroubleKind, TroubleReader, TROUBLES } from '#libs/operations';
import { ALL_ROOMS } from '#libs/rooms';
import { redact, withSecretFiles } from '#libs/runtime';
import { KillSwitch } from '#libs/tenants';

const troubles = new TroubleReader(ALL_ROOMS);
const switches = new KillSwitch(new EventStore(), new JobStore());
const audit = new AuditStore();
const SHOWN = 100;
const print = (text: string) => process.stdout.write(`${redact(text)}\n`);

/** `npm run operations`: shows stuck work to anyone who has the database's address, and stops bots. */
const program = new Command('npm run operations --')
  .description('Shows stuck work, and stops bots at once. Uses DATABASE_URL.')
  .exitOverride()
  .showHelpAfterError('(--help shows more)');

program.command('overview', { isDefault: true }).description('count stuck work by kind').action(connected(overview));
program
  .command('list')
  .description('list stuck work of one kind, oldest first, with the next step')
  .addArgument(program.createArgument('<kind>', 'which').choices(TROUBLES))
  .option('--tenant <id>', 'of this workspace only (ten_...)')
  .action(connected(list));
program
  .command('stop <id>')
  .description('stop all sales and deliveries of a bot (bot_...) within five seconds')
  .requiredOption('--reason <text>', 'why, 1 to 500 characters')
  .action(connected(stop));
program
  .command('release <id>')
  .description('release a stopped bot')
  .option('--reason <text>', 'why, 1 to 500 characters')
  .action(connected(release));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : 1;
  if (error instanceof DomainError) process.stderr.write(`${redact(`${error.message} ${error.remedy}`)}\n`);
  else if (!(error instanceof CommanderError)) process.stderr.write(`${redact(String(error))}\n`);
}

function connected<Args extends readonly unknown[]>(act: (db: Database, ...args: Args) => Promise<void>) {
  return (...args: Args): Promise<void> =>
    withDatabase(withSecretFiles(process.env)['DATABASE_URL'], { name: 'operations-command' }, (db) =>
      act(db, ...args),
    );
}

async function overview(db: Database): Promise<void> {
  const counts = await db.inPlatform('staff read stuck work', (tx) => troubles.counts(tx, new Date()));
  for (const { kind, count, oldest } of counts)
    print(`${kind.padEnd(18)} ${String(count).padStart(5)}${oldest === null ? '' : `  since ${oldest.toISOString()}`}`);
}

async function list(db: Database, kind: TroubleKind, { tenant }: { tenant?: string }): Promise<void> {
  const [now, tenantId] = [new Date(), tenant === undefined ? undefined : parseId('tenant', tenant)];
  if (tenant !== undefined && tenantId === undefined) throw new NotFound('workspace');
  const found = await db.inPlatform('staff read stuck work', (tx) =>
    troubles.list(tx, kind, { tenantId, limit: SHOWN }, now),
  );
  const shown = found.slice(0, SHOWN);
  print(shown.length === 0 ? 'Nothing.' : shown.map((trouble) => line(kind, trouble, now)).join('\n'));
  if (found.length > SHOWN) print(`There are more; these are the ${SHOWN} oldest.`);
  if (found.length > 0) print(TROUBLE_RULES[kind].next);
}

function line(kind: TroubleKind, trouble: Trouble, now: Date): string {
  return [
    trouble.since.toISOString(),
    severityOf(kind, trouble.since, now).padEnd(7),
    publicId('tenant', trouble.tenantId),
    trouble.botId === null ? '' : publicId('bot', trouble.botId),
    trouble.subject,
    trouble.detail,
    trouble.error ?? '',
  ].join('  ');
}

async function stop(db: Database, id: string, { reason }: { reason: string }): Promise<void> {
  const why = reasonIn(reason);
  const place = await placeOf(db, id);
  const stopped = await db.inPlatform('staff stop a bot', async (tx) => {
    await record(tx, 'stop_bot', place, why);
    return switches.stop(tx, place.tenantId, place.botId, why, new Date());
  });
  print(`@${stopped.username} is stopped since ${stopped.stoppedAt?.toISOString()}: ${stopped.stoppedBecause}`);
}

async function release(db: Database, id: string, { reason }: { reason?: string }): Promise<void> {
  const why = reason === undefined ? undefined : reasonIn(reason);
  const place = await placeOf(db, id);
  const bot = await db.inPlatform('staff release a bot', async (tx) => {
    await record(tx, 'release_bot', place, why);
    return switches.release(tx, place.tenantId, place.botId);
  });
  print(`@${bot.username} continues. Its state is ${bot.state}.`);
}

function reasonIn(text: string): string {
  const reason = text.trim();
  if (reason === '' || reason.length > 500) throw new Error('A reason has 1 to 500 characters.');
  return reason;
}

/** Records an action in the workspace's audit log, as if it were done through the API. */
async function record(tx: PlatformTx, what: 'stop_bot' | 'release_bot', { tenantId, botId }: Place, reason?: string) {
  const targets = [publicId('tenant', tenantId), publicId('bot', botId)];
  const entry = { action: `staff_kill_switch_${what}`, targets, reason, context: NOWHERE } as const;
  await audit.record(tx.asTenant(tenantId), { ...entry, actor: { kind: 'command' }, via: 'command' });
}

interface Place {
  readonly tenantId: string;
  readonly botId: string;
}

/** @throws NotFound */
async function placeOf(db: Database, id: string): Promise<Place> {
  const botId = parseId('bot', id);
  const found = await db.inPlatform('staff name a bot by its id', (tx) =>
    tx.query<{ tenantId: string }>('select tenant_id as "tenantId" from bots where id = $1', [botId ?? null]),
  );
  if (botId === undefined || found[0] === undefined) throw new NotFound('bot');
  return { tenantId: found[0].tenantId, botId };
}
