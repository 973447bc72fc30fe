export { ALL_ROOMS } from '../../apps/worker/src/rooms.js';
