export { DatabaseAway } from './away.js';
export { type Cursor, seek, seekOptions } from './cursor.js';
export { makeDataSource, type PoolOptions } from './data-source.js';
export { Database, FastLane } from './database.js';
export { DatabaseModule, type DatabaseOptions } from './database.module.js';
export { ensureLogin, migrate } from './migrate.js';
export { assertWeakRole } from './self-test.js';
export { PlatformTx, TenantTx } from './tx.js';
