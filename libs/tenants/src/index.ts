export { ROLE_SCOPES, type Role, SCOPES, type Scope } from './scope.js';
