import 'reflect-metadata';
import { type Database, withDatabase } from '#libs/database';
import { InboxKeeper, type ParkedUpdate } from '#libs/journal';
import { DomainError, NotFound, parseId, publicId } from '#libs/kernel';
import { redact, withSecretFiles } from '#libs/runtime';
import { type InboxCommand, readInboxCommand, USAGE } from './inbox-command.js';

const keeper = new InboxKeeper();
const print = (text: string) => process.stdout.write(`${redact(text)}\n`);
const refuse = (text: string) => {
  process.stderr.write(`${redact(text)}\n`);
  process.exitCode = 1;
};

/** `npm run inbox`: staff's operations on parked updates. */
const command = readInboxCommand(process.argv.slice(2));
if (typeof command === 'string') refuse(`${command}\n\n${USAGE}`);
else await run(command);

async function run(asked: InboxCommand): Promise<void> {
  try {
    await withDatabase(withSecretFiles(process.env)['DATABASE_URL'], { name: 'inbox-command' }, (db) => act(asked, db));
  } catch (error) {
    if (error instanceof DomainError) refuse(`${error.message} ${error.remedy}`);
    else refuse(error instanceof Error ? error.message : String(error));
  }
}

async function act(asked: InboxCommand, db: Database): Promise<void> {
  if (asked.do === 'list') {
    const parked = await db.inPlatform('staff list parked updates', (tx) => keeper.parked(tx, asked.limit));
    print(parked.length === 0 ? 'No update is parked.' : parked.map(line).join('\n'));
    return;
  }
  const botId = parseId('bot', asked.bot);
  if (botId === undefined) throw new NotFound('bot');
  const tenantId = await tenantOf(db, botId);
  await db.inTenant(tenantId, async (tx) => {
    const { updateId } = asked;
    if (asked.do === 'show') return print(JSON.stringify(await keeper.get(tx, botId, updateId), undefined, 2));
    if (asked.do === 'resolve') {
      await keeper.resolve(tx, botId, updateId, asked.reason);
      return print(`Update ${updateId} is closed.`);
    }
    const again = await keeper.replay(tx, botId, updateId);
    return print(
      again ? `Update ${updateId} will be handled within a second.` : `Update ${updateId} is already waiting.`,
    );
  });
}

async function tenantOf(db: Database, botId: string): Promise<string> {
  const rows = await db.inPlatform('staff look up a bot by its id', (tx) =>
    tx.query<{ tenantId: string }>('select tenant_id as "tenantId" from bots where id = $1', [botId]),
  );
  if (rows[0] === undefined) throw new NotFound('bot');
  return rows[0].tenantId;
}

function line(update: ParkedUpdate): string {
  const { receivedAt, botId, botUsername, updateId, kind, attempts, error } = update;
  const parts = [
    receivedAt.toISOString(),
    publicId('bot', botId),
    `@${botUsername}`,
    updateId,
    kind,
    `${attempts} tries`,
  ];
  return [...parts, error ?? ''].join('  ');
}
