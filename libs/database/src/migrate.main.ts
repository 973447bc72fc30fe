import { withSecretFiles } from '#libs/runtime';
import { ensureLogin, makeRoles, migrate } from './migrate.js';

/** `npm run migrate`: updates the schema, then the application's login. `npm run migrate -- roles` creates only the roles, for a restore. */
const { DATABASE_OWNER_URL: owner, DATABASE_URL: application } = withSecretFiles(process.env);
if (!owner) {
  console.error('Set DATABASE_OWNER_URL to a database user that may create roles and will own the tables.');
  process.exit(1);
}
if (process.argv[2] === 'roles') {
  const made = await makeRoles(owner);
  console.log(made.length === 0 ? 'All roles exist.' : `Created: ${made.join(', ')}.`);
} else {
  const { ran, mended } = await migrate(owner);
  console.log(ran.length === 0 ? 'The schema is up to date.' : `Migrated: ${ran.join(', ')}.`);
  if (mended.length > 0)
    console.log(`Restored what was missing, as after a restore: ${counted(mended)}.\n  ${mended.join('\n  ')}`);
}
if (application) {
  await ensureLogin(owner, application);
  console.log(`The login "${new URL(application).username}" is ready.`);
}

function counted(mended: readonly string[]): string {
  const kinds = new Map<string, number>();
  for (const what of mended) kinds.set(kindOf(what), (kinds.get(kindOf(what)) ?? 0) + 1);
  return [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
}

function kindOf(what: string): string {
  if (what.startsWith('role ')) return 'roles';
  if (what.startsWith('policy ')) return 'policies';
  return what.startsWith('grant ') ? 'grants' : 'other rights';
}
