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
} from './accounts/account.js';
export { AccountService, type SignUp } from './accounts/account.service.js';
export { LINK_PURPOSES, LinkInvalid, TooManyMails } from './accounts/account-link.js';
export { forgetLinks } from './accounts/account-link-retention.rows.js';
export { AccountMails } from './accounts/account-mails.service.js';
export { Addresses } from './accounts/addresses.service.js';
export { PasswordResets } from './accounts/password-resets.service.js';
export type { Workspace } from './accounts/workspaces.rows.js';
export { KeyExpiryInvalid, looksLikeApiKey, ScopeNotYours, stateOfKey } from './keys/api-key.js';
export type { ApiKeyRow } from './keys/api-key.entity.js';
export { ApiKeyDirectory } from './keys/api-key-directory.service.js';
export { ApiKeyService } from './keys/api-key.service.js';
export {
  botListOf,
  InvalidBotList,
  LINE_STATES,
  MAX_ATTEMPTS,
  MAX_IMPORT_LINES,
  tokensIn,
} from './bot-imports/bot-import.js';
export {
  botImportLineSchema,
  botImportLineView,
  botImportSchema,
  botImportView,
} from './bot-imports/bot-import-view.js';
export { BotImports, type NextBot } from './bot-imports/bot-imports.service.js';
export { botTextSchema, botTextView } from './bots/bot-text-view.js';
export { botSchema, botView, stoppedView } from './bots/bot-view.js';
export {
  BOT_ENVIRONMENTS,
  type BotEnvironment,
  type BotFacts,
  type BotState,
  MENU_SCOPE,
  menuIn,
  WEBHOOK_PREFIX,
} from './bots/bot.js';
export { BotCalls, telegramRefusal } from './bots/bot-calls.service.js';
export { BotDirectory, type BotRoute } from './bots/bot-directory.service.js';
export { BotEnding } from './bots/bot-ending.service.js';
export type { NewBot } from './bots/bot-registry.service.js';
export { BotService, type BotChange, type WebhookFacts } from './bots/bot.service.js';
export { InvalidText, TooManyTexts } from './bots/bot-text.js';
export { BotTextService } from './bots/bot-text.service.js';
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
} from './bots/bot-refusals.js';
export { ErasedBuyers, type ErasureRow, type ListedErasure } from './workspace/erased-buyers.service.js';
export type { InvitationRow } from './members/invitation.entity.js';
export { type InvitationFacts, InvitationService } from './members/invitation.service.js';
export { TenantPlans } from './workspace/tenant-plans.service.js';
export { botRuns, stateOfBot, stateOfTenant } from './bots/kill-switch.js';
export { AlreadyMember, InvitationInvalid, LastOwner, RoleNotYours } from './members/member.js';
export { mayRemoveView, TooManyViews, VIEWED_LISTS, ViewNotYours } from './saved-views/saved-view.js';
export type { SavedViewRow } from './saved-views/saved-view.entity.js';
export { SavedViews } from './saved-views/saved-views.service.js';
export { type MemberFacts, MemberService } from './members/member.service.js';
export { OpenBot, type OpenBotFacts } from './bots/open-bot.js';
export { PlanDirectory } from './workspace/plan-directory.service.js';
export { Passwords } from './accounts/passwords.service.js';
export type { Profile } from './accounts/profile.rows.js';
export {
  CONFIGURES,
  IMPERSONATION_SCOPES,
  KEY_SCOPES,
  ROLE_SCOPES,
  SCOPES,
  type Role,
  type Scope,
} from './accounts/scope.js';
export {
  SecondFactorActive,
  type SecondFactorFacts,
  SecondFactorNotBegun,
  type SecondFactorProof,
  SecondFactorRequired,
  WrongSecondFactor,
} from './accounts/second-factor.js';
export { SecondFactors } from './accounts/second-factor.service.js';
export { newSecret, sha256 } from './secret.js';
export type { SessionRow } from './accounts/session.entity.js';
export { SessionDirectory } from './accounts/session-directory.service.js';
export { SessionService } from './accounts/session.service.js';
export { type OpenSession, SessionTokens } from './accounts/session-tokens.service.js';
export { standingSchema, standingView } from './restrictions/standing-view.js';
export {
  CAN,
  CAPABILITIES,
  type Capability,
  closedIn,
  TENANT_STATES,
  TenantRestricted,
  type TenantState,
  TenantStateConflict,
} from './workspace/tenant.js';
export { TenantDirectory } from './workspace/tenant-directory.service.js';
export { TenantStates, type TenantStanding } from './restrictions/tenant-state.service.js';
export { TenantStore } from './workspace/tenant.store.js';
export { TenantsModule } from './tenants.module.js';
export { newRecoveryCodes, newTotpSeed, recoveryHash, totpAddress, totpStep } from './accounts/totp.js';
export { afterWrongCode, CodesLocked, requireUnlocked, type WrongCodes } from './accounts/wrong-codes.js';
export { TENANTS_TABLES } from './tables.js';
export { secretIn, TooManyCodes } from './telegram-links/telegram-link.js';
export { telegramLinkSchema, telegramLinkView } from './telegram-links/telegram-link-view.js';
export { type LinkedMember, type MemberChat, TelegramLinks } from './telegram-links/telegram-links.service.js';
export { KillSwitch } from './bots/kill-switch.service.js';
export { webhookTroubleSchema, webhookTroubleView } from './bots/webhook-look.js';
export { type BotKey, isActive, nextCheck } from './bots/bot-activity.js';
export { forgetSessions } from './accounts/session-retention.rows.js';
export { WebhookWatch } from './bots/webhook-watch.service.js';
