export { secondsSince, startAtZero } from './counting.js';
export { FleetGauges } from './fleet-gauges.js';
export { type MetricSource, serveSources } from './metrics-server.js';
export * from './metrics.js';
export {
  type AnswerFacts,
  answersIn,
  countedFacts,
  durationOf,
  FactsWindow,
  type Service,
  type ServiceFacts,
  SERVICES,
  sumOfFacts,
} from './service-facts.js';
