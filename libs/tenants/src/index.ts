export { AccountService, type OpenSession, type Profile, type SignUp } from './account.service.js';
export { type BotFacts, type BotState, botView } from './bot.js';
export { BotDirectory, type BotRoute } from './bot-directory.service.js';
export { BotService, type BotTexts, type NewBot, type WebhookFacts } from './bot.service.js';
export { OpenBot, type OpenBotFacts } from './open-bot.js';
export { ROLE_SCOPES, type Role, SCOPES, type Scope } from './scope.js';
export { CAN, type Capability, TenantRestricted, type TenantState } from './tenant.js';
export { TenantStore } from './tenant.store.js';
export { TenantsModule } from './tenants.module.js';
