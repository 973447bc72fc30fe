export {
  type EarlierLogins,
  EmailTaken,
  judgeRefresh,
  normalEmail,
  NoWorkspace,
  RefreshInProgress,
  RefreshRefused,
  TooBusy,
  SESSION_LIFETIME,
  WrongCredentials,
  WrongPassword,
} from './account.js';
export { AccountService, type SignUp, type Workspace } from './account.service.js';
export { KeyExpiryInvalid, looksLikeApiKey, ScopeNotYours, stateOfKey } from './api-key.js';
export type { ApiKeyRow } from './api-key.entity.js';
export { ApiKeyDirectory } from './api-key-directory.service.js';
export { ApiKeyService } from './api-key.service.js';
export { botTextSchema, botTextView } from './bot-text-view.js';
export { botSchema, botView, stoppedView } from './bot-view.js';
export {
  BOT_ENVIRONMENTS,
  type BotEnvironment,
  type BotFacts,
  type BotState,
  MENU_SCOPE,
  menuIn,
  WEBHOOK_PREFIX,
} from './bot.js';
export { BotCalls, telegramRefusal } from './bot-calls.service.js';
export { BotDirectory, type BotRoute } from './bot-directory.service.js';
export { BotEnding } from './bot-ending.service.js';
export type { NewBot } from './bot-registry.service.js';
export { BotService, type BotChange, type WebhookFacts } from './bot.service.js';
export { InvalidText, TooManyTexts } from './bot-text.js';
export { BotTextService } from './bot-text.service.js';
export {
  BotAlreadyRegistered,
  BotNotInState,
  BotTaken,
  ForeignWebhook,
  RegistrationInProgress,
  RotationInProgress,
  TelegramOutcomeUnknown,
  TelegramSaidNo,
  TelegramUnavailable,
  TokenMalformed,
  TokenOfAnotherBot,
  TokenOfOtherEnvironment,
  TokenRefused,
} from './bot-refusals.js';
export { ErasedBuyers, type ErasureRow, type ListedErasure } from './erased-buyers.service.js';
export type { InvitationRow } from './invitation.entity.js';
export { InvitationService } from './invitation.service.js';
export { TenantPlans } from './tenant-plans.service.js';
export { botRuns, stateOfBot, stateOfTenant } from './kill-switch.js';
export { AlreadyMember, InvitationInvalid, LastOwner, RoleNotYours } from './member.js';
export { type MemberFacts, MemberService } from './member.service.js';
export { OpenBot, type OpenBotFacts } from './open-bot.js';
export { PlanDirectory } from './plan-directory.service.js';
export { Passwords } from './passwords.service.js';
export type { Profile } from './profile.rows.js';
export { CONFIGURES, IMPERSONATION_SCOPES, KEY_SCOPES, ROLE_SCOPES, type Role, type Scope } from './scope.js';
export {
  SecondFactorActive,
  type SecondFactorFacts,
  SecondFactorNotBegun,
  type SecondFactorProof,
  SecondFactorRequired,
  WrongSecondFactor,
} from './second-factor.js';
export { SecondFactors } from './second-factor.service.js';
export { newSecret, sha256 } from './secret.js';
export type { SessionRow } from './session.entity.js';
export { SessionDirectory } from './session-directory.service.js';
export { SessionService } from './session.service.js';
export { type OpenSession, SessionTokens } from './session-tokens.service.js';
export { standingSchema, standingView } from './standing-view.js';
export {
  CAN,
  CAPABILITIES,
  type Capability,
  closedIn,
  TENANT_STATES,
  TenantRestricted,
  type TenantState,
  TenantStateConflict,
} from './tenant.js';
export { TenantDirectory } from './tenant-directory.service.js';
export { TenantStates, type TenantStanding } from './tenant-state.service.js';
export { TenantStore } from './tenant.store.js';
export { TenantsModule } from './tenants.module.js';
export { newRecoveryCodes, newTotpSeed, recoveryHash, totpAddress, totpStep } from './totp.js';
export { afterWrongCode, CodesLocked, requireUnlocked, type WrongCodes } from './wrong-codes.js';
export { TENANTS_TABLES } from './tables.js';
export { KillSwitch } from './kill-switch.service.js';
export { webhookTroubleSchema, webhookTroubleView } from './webhook-look.js';
export { WebhookWatch } from './webhook-watch.service.js';
