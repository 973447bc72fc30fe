import { Module } from '@nestjs/common';
import { TenantsModule } from '#libs/tenants';
import { AuthModule } from '../auth/auth.module.js';
import { BrowserInvitationsController } from './browser-invitations.controller.js';
import { InvitationsController } from './invitations.controller.js';
import { MembersController } from './members.controller.js';

@Module({
  imports: [TenantsModule, AuthModule],
  controllers: [MembersController, InvitationsController, BrowserInvitationsController],
})
export class MembersModule {}
