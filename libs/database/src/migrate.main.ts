import { ensureLogin, migrate } from './migrate.js';

/** `npm run migrate`: updates the schema, then the application's login. */
const { DATABASE_OWNER_URL: owner, DATABASE_URL: application } = process.env;
if (!owner) {
  console.error('Set DATABASE_OWNER_URL to a database user that may create roles and will own the tables.');
  process.exit(1);
}
const ran = await migrate(owner);
console.log(ran.length === 0 ? 'The schema is up to date.' : `Migrated: ${ran.join(', ')}.`);
if (application) {
  await ensureLogin(owner, application);
  console.log(`The login "${new URL(application).username}" is ready.`);
}
