export { startTracing } from './start.js';
export { endTracing, inSpan, isTracing, tellSpan } from './tracing.js';
export { aboutUpdate, ofOrder } from './about-update.js';
