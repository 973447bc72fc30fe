export { createPlatform } from './bootstrap.js';
export { SignInLinks } from './creator/auth/sign-in-links.js';
export { SignInLinksModule } from './creator/auth/sign-in-links.module.js';
export { FleetMetrics } from './ops/fleet.metrics.js';
export { PlatformModule } from './platform.module.js';
