export { BullDoorbell, redisOptions } from './bull.doorbell.js';
export { EventLoopWatch } from './event-loop.watch.js';
export { foundation } from './foundation.js';
export { type HealthAnswer, isReady } from './health.js';
export { portTaken, serverOptions } from './http-server.js';
export { runProcess } from './main.js';
export { forgottenProxy } from './proxies.js';
export { PROCESS_TABLES } from './tables.js';
export { forgetKeys, freeKey, readKey, writeKey } from './idempotency-keys.rows.js';
