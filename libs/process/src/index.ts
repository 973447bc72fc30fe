export { foundation } from './foundation.js';
export { runProcess } from './main.js';
