export { createPlatform } from './bootstrap.js';
export { PlatformModule } from './platform.module.js';
