export { BullDoorbell, redisOptions } from './bull.doorbell.js';
export { foundation } from './foundation.js';
export { runProcess } from './main.js';
