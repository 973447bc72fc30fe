export { ALL_ROOMS } from './rooms.js';
