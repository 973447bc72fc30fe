import 'reflect-metadata';
import { text } from 'node:stream/consumers';
import { type Database, withDatabase } from '#libs/database';
import { AuditStore } from '#libs/journal';
import { DomainError, publicId, systemClock } from '#libs/kernel';
import { redact, withSecretFiles } from '#libs/runtime';
import { StaffAccounts, StaffDirectory } from '#libs/staff';
import { Passwords } from '#libs/tenants';
import { readStaffCommand, type StaffCommand, USAGE } from './staff-command.js';

const print = (line: string) => process.stdout.write(`${line}\n`);
const refuse = (line: string) => {
  process.stderr.write(`${redact(line)}\n`);
  process.exitCode = 1;
};

/** `npm run staff`: creates the first admin. */
const command = readStaffCommand(process.argv.slice(2));
if (typeof command === 'string') refuse(`${command}\n\n${USAGE}`);
else await run(command);

async function run(asked: StaffCommand): Promise<void> {
  try {
    await withDatabase(withSecretFiles(process.env)['DATABASE_URL'], { name: 'staff-command' }, (db) =>
      act(asked, db, new StaffAccounts(db, new Passwords(), new StaffDirectory(db, systemClock), systemClock)),
    );
  } catch (error) {
    if (error instanceof DomainError) refuse(`${error.message} ${error.remedy}`);
    else refuse(error instanceof Error ? error.message : String(error));
  }
}

async function act(asked: StaffCommand, db: Database, accounts: StaffAccounts): Promise<void> {
  if (asked.do === 'list') {
    const all = await accounts.list(1_000);
    const lines = all.map(({ id, email, role, disabledAt }) =>
      [publicId('staff', id), email, role, disabledAt === null ? '' : 'disabled'].join('  ').trim(),
    );
    print(lines.length === 0 ? 'There is no staff yet.' : lines.join('\n'));
    return;
  }
  const given = asked.passwordFromInput ? (await text(process.stdin)).split(/\r?\n/)[0] : undefined;
  if (given !== undefined && (given.length < 10 || given.length > 200)) {
    return refuse('The password on standard input needs 10 to 200 characters.');
  }
  const { staff, password } = await accounts.create(asked.email, asked.role, given);
  await db.inPlatform('record a new member of staff', (tx) =>
    new AuditStore().recordForStaff(tx, {
      action: 'staff_accounts_create',
      actor: { kind: 'command' },
      via: 'command',
      targets: [publicId('staff', staff.id)],
      context: { requestId: null, network: null, userAgent: null },
    }),
  );
  print(`${staff.email} now has the role ${staff.role}.`);
  if (given === undefined) print(`The password, shown once: ${password}`);
}
