export { Batches } from './batches.js';
export { type Config, portAfter, readConfig, type S3Config } from './config.js';
export { keyBytes, type KmsConfig, type MasterKeyConfig, readKeyConfig } from './key-config.js';
export { Networks } from './networks.js';
export { messageOf, redact } from './redact.js';
export { CLOCK, CONFIG, RuntimeModule } from './runtime.module.js';
export { withSecretFiles } from './secret-files.js';
export { Seldom } from './seldom.js';
export { type Grace, memoryOf, ShortMemory } from './short-memory.js';
