import { Module } from '@nestjs/common';
import { TelegramModule } from '#libs/telegram';
import { AccountService } from './account.service.js';
import { ApiKeyDirectory } from './api-key-directory.service.js';
import { ApiKeyService } from './api-key.service.js';
import { BotCalls } from './bot-calls.service.js';
import { BotDirectory } from './bot-directory.service.js';
import { BotEnding } from './bot-ending.service.js';
import { BotRegistry } from './bot-registry.service.js';
import { BotService } from './bot.service.js';
import { BotTextService } from './bot-text.service.js';
import { BotSetup } from './bot-setup.service.js';
import { BotStore } from './bot.store.js';
import { ErasedBuyers } from './erased-buyers.service.js';
import { InvitationService } from './invitation.service.js';
import { KillSwitch } from './kill-switch.service.js';
import { MemberService } from './member.service.js';
import { Passwords } from './passwords.service.js';
import { PlanDirectory } from './plan-directory.service.js';
import { RotationStore } from './rotation.store.js';
import { SecondFactors } from './second-factor.service.js';
import { SessionDirectory } from './session-directory.service.js';
import { SessionService } from './session.service.js';
import { SessionStore } from './session.store.js';
import { SessionTokens } from './session-tokens.service.js';
import { TenantDirectory } from './tenant-directory.service.js';
import { TenantPlans } from './tenant-plans.service.js';
import { TenantStates } from './tenant-state.service.js';
import { TenantStore } from './tenant.store.js';
import { WebhookWatch } from './webhook-watch.service.js';

/** Creators, their workspaces, sessions and bots. */
@Module({
  imports: [TelegramModule],
  providers: [
    AccountService,
    ApiKeyDirectory,
    ApiKeyService,
    BotCalls,
    BotDirectory,
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
    Passwords,
    PlanDirectory,
    RotationStore,
    SecondFactors,
    SessionDirectory,
    SessionService,
    SessionStore,
    SessionTokens,
    TenantDirectory,
    TenantPlans,
    TenantStates,
    TenantStore,
    WebhookWatch,
  ],
  exports: [
    AccountService,
    ApiKeyDirectory,
    ApiKeyService,
    BotCalls,
    BotDirectory,
    BotEnding,
    BotService,
    BotTextService,
    ErasedBuyers,
    InvitationService,
    KillSwitch,
    MemberService,
    PlanDirectory,
    Passwords,
    SecondFactors,
    SessionDirectory,
    SessionService,
    SessionTokens,
    TenantDirectory,
    TenantPlans,
    TenantStates,
    TenantStore,
    WebhookWatch,
  ],
})
export class TenantsModule {}
