export { createIngress } from './bootstrap.js';
export { Ingress } from './ingress.js';
export type { IngressMessage } from './keeper.js';
