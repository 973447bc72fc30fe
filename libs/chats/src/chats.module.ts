import { Module } from '@nestjs/common';
import { TelegramModule } from '#libs/telegram';
import { TenantsModule } from '#libs/tenants';
import { ChatService } from './chat.service.js';
import { ChatStore } from './chat.store.js';
import { ChatAccessService } from './chat-access.service.js';
import { ChatAccessStore } from './chat-access.store.js';
import { ChatDoor } from './chat-door.service.js';
import { ChatMigrations } from './chat-migration.service.js';
import { ChatWatch } from './chat-watch.service.js';
import { PaidLinkService } from './paid-link.service.js';
import { Posting } from './posting.service.js';

const EXPORTED = [ChatService, ChatAccessService, ChatAccessStore, ChatDoor, ChatWatch, PaidLinkService, Posting];

/** Groups and channels: the rights of bots, and the access of people. */
@Module({
  imports: [TelegramModule, TenantsModule],
  providers: [...EXPORTED, ChatStore, ChatMigrations],
  exports: EXPORTED,
})
export class ChatsModule {}
