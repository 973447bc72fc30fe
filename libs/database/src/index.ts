export { type Cursor, seek, seekOptions } from './cursor.js';
export { makeDataSource, type PoolOptions } from './data-source.js';
export { afterCommit, Database } from './database.js';
export { DatabaseModule, type DatabaseOptions } from './database.module.js';
export { ensureLogin, migrate } from './migrate.js';
export { assertWeakRole } from './self-test.js';
export { DatabaseAway, DatabaseBusy, DatabaseTrouble, isMistake, troubleDelay } from './trouble.js';
export { PlatformTx, TenantTx } from './tx.js';
