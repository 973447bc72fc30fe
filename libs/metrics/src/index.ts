export { secondsSince, startAtZero } from './counting.js';
export { FleetGauges } from './fleet-gauges.js';
export { type MetricSource, serveSources } from './metrics-server.js';
export * from './metrics.js';
