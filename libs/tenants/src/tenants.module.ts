import { Module } from '@nestjs/common';
import { MailModule } from '#libs/mail';
import { TelegramModule } from '#libs/telegram';
import { AccountLinks } from './accounts/account-link.store.js';
import { AccountMails } from './accounts/account-mails.service.js';
import { AccountService } from './accounts/account.service.js';
import { Addresses } from './accounts/addresses.service.js';
import { PasswordResets } from './accounts/password-resets.service.js';
import { ApiKeyDirectory } from './keys/api-key-directory.service.js';
import { ApiKeyService } from './keys/api-key.service.js';
import { BotCalls } from './bots/bot-calls.service.js';
import { BotDirectory } from './bots/bot-directory.service.js';
import { BotImports } from './bot-imports/bot-imports.service.js';
import { BotEnding } from './bots/bot-ending.service.js';
import { BotRegistry } from './bots/bot-registry.service.js';
import { BotService } from './bots/bot.service.js';
import { BotTextService } from './bots/bot-text.service.js';
import { BotSetup } from './bots/bot-setup.service.js';
import { BotStore } from './bots/bot.store.js';
import { ErasedBuyers } from './workspace/erased-buyers.service.js';
import { InvitationService } from './members/invitation.service.js';
import { KillSwitch } from './bots/kill-switch.service.js';
import { MemberService } from './members/member.service.js';
import { SavedViews } from './saved-views/saved-views.service.js';
import { Passwords } from './accounts/passwords.service.js';
import { PlanDirectory } from './workspace/plan-directory.service.js';
import { RotationStore } from './bots/rotation.store.js';
import { SecondFactors } from './accounts/second-factor.service.js';
import { SessionDirectory } from './accounts/session-directory.service.js';
import { SessionService } from './accounts/session.service.js';
import { SessionStore } from './accounts/session.store.js';
import { SessionTokens } from './accounts/session-tokens.service.js';
import { TelegramLinks } from './telegram-links/telegram-links.service.js';
import { TenantDirectory } from './workspace/tenant-directory.service.js';
import { TenantPlans } from './workspace/tenant-plans.service.js';
import { TenantStates } from './restrictions/tenant-state.service.js';
import { TenantStore } from './workspace/tenant.store.js';
import { WebhookWatch } from './bots/webhook-watch.service.js';

/** Creators, their workspaces, sessions and bots. */
@Module({
  imports: [MailModule, TelegramModule],
  providers: [
    AccountLinks,
    AccountMails,
    AccountService,
    Addresses,
    PasswordResets,
    ApiKeyDirectory,
    ApiKeyService,
    BotCalls,
    BotDirectory,
    BotImports,
    BotEnding,
    BotRegistry,
    BotService,
    BotSetup,
    BotTextService,
    BotStore,
    ErasedBuyers,
    InvitationService,
    KillSwitch,
    MemberService,
    SavedViews,
    Passwords,
    PlanDirectory,
    RotationStore,
    SecondFactors,
    SessionDirectory,
    SessionService,
    SessionStore,
    SessionTokens,
    TelegramLinks,
    TenantDirectory,
    TenantPlans,
    TenantStates,
    TenantStore,
    WebhookWatch,
  ],
  exports: [
    AccountMails,
    AccountService,
    Addresses,
    PasswordResets,
    ApiKeyDirectory,
    ApiKeyService,
    BotCalls,
    BotDirectory,
    BotImports,
    BotEnding,
    BotService,
    BotTextService,
    ErasedBuyers,
    InvitationService,
    KillSwitch,
    MemberService,
    SavedViews,
    PlanDirectory,
    Passwords,
    SecondFactors,
    SessionDirectory,
    SessionService,
    SessionTokens,
    TelegramLinks,
    TenantDirectory,
    TenantPlans,
    TenantStates,
    TenantStore,
    WebhookWatch,
  ],
})
export class TenantsModule {}
