export { createPlatform } from './bootstrap.js';
export { FleetMetrics } from './ops/fleet.metrics.js';
export { PlatformModule } from './platform.module.js';
