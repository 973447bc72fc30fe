import { Module } from '@nestjs/common';
import { TelegramModule } from '#libs/telegram';
import { AccountService } from './account.service.js';
import { BotDirectory } from './bot-directory.service.js';
import { BotRegistry } from './bot-registry.service.js';
import { BotService } from './bot.service.js';
import { BotSetup } from './bot-setup.service.js';
import { BotStore } from './bot.store.js';
import { Passwords } from './passwords.service.js';
import { RotationStore } from './rotation.store.js';
import { SessionStore } from './session.store.js';
import { TenantStore } from './tenant.store.js';

/** Creators, their workspaces, sessions and bots. */
@Module({
  imports: [TelegramModule],
  providers: [
    AccountService,
    BotDirectory,
    BotRegistry,
    BotService,
    BotSetup,
    BotStore,
    Passwords,
    RotationStore,
    SessionStore,
    TenantStore,
  ],
  exports: [AccountService, BotService, BotDirectory, TenantStore],
})
export class TenantsModule {}
