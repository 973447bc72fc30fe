import { Module } from '@nestjs/common';
import { TenantsModule } from '#libs/tenants';
import { AuthModule } from '../auth/auth.module.js';
import { BrowserInvitationsController } from './browser-invitations.controller.js';
import { InvitationsController } from './invitations.controller.js';
import { MembersController } from './members.controller.js';
import { TelegramLinksController } from './telegram-links.controller.js';

@Module({
  imports: [TenantsModule, AuthModule],
  controllers: [MembersController, InvitationsController, TelegramLinksController, BrowserInvitationsController],
})
export class MembersModule {}
