export { type Cursor, seek, seekOptions } from './cursor.js';
export { makeDataSource, openDataSource, type PoolOptions } from './data-source.js';
export { afterCommit, Database } from './database.js';
export { DatabaseModule, type DatabaseOptions } from './database.module.js';
export { assignmentsOf, columnsOf, inOneStatement, type Piece, valuesOf } from './naming.js';
export { ensureLogin, type Migrated, migrate, migrationNames } from './migrate.js';
export {
  dropPartition,
  forgetUnpartitioned,
  makePartition,
  oneRow,
  PARTITIONS_AHEAD_DAYS,
  partitionedUntil,
} from './partitions.js';
export { exactTime, Replica } from './replica.js';
export { RoomsModule } from './rooms.module.js';
export { likeLiteral } from './like.js';
export { definedOnce } from './defined-once.js';
export { assertWeakRole, openWeakly } from './self-test.js';
export { OwnTrouble, TROUBLES_THAT_COUNT } from './own-trouble.js';
export { DatabaseAway, DatabaseBusy, DatabaseFull, DatabaseTrouble, isMistake, troubleDelay } from './trouble.js';
export {
  ALL,
  CLOSING_PHASES,
  type ClosingPhase,
  ERASURE_PHASES,
  type Erases,
  type PlatformTable,
  type Room,
  ROOMS,
  type Scrub,
  type Sql,
  type TenantTable,
  type UnderWay,
  WORKSPACE_OWN,
} from './table.js';
export { withDatabase } from './with-database.js';
export { StatementNames } from './statement-names.js';
export { PlatformTx, TenantTx } from './tx.js';
