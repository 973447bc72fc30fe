export {
  type DataKeyRotation,
  DataKeyRotator,
  EVERYBODY,
  type KeyOwner,
  PLATFORM,
} from './data-key-rotator.service.js';
export { readMasterKeys } from './key-reader.js';
export { type KeyStatus, keyStatus } from './key-status.rows.js';
export { KmsClient } from './kms.client.js';
export { type MasterKeyRotation, MasterKeyRotator } from './master-key-rotator.service.js';
export { MasterKeys } from './master-keys.js';
export { SEALED_COLUMNS, type SealedColumnFacts } from './sealed-columns.js';
export { SecretBox, type SecretPlace } from './secret-box.service.js';
export type { SigningKey } from './signing-key.store.js';
export { SIGNING_PURPOSES, SigningKeys, type SigningPurpose } from './signing-keys.service.js';
export { VaultModule } from './vault.module.js';
export { VAULT_TABLES } from './tables.js';
