import { Module } from '@nestjs/common';
import { AuthModule } from './auth.module.js';
import { SignInLinksController } from './sign-in-links.controller.js';
import { SignInLinks } from './sign-in-links.js';

/** Signs accounts in by a link. Only the standalone program imports it. */
@Module({ imports: [AuthModule], controllers: [SignInLinksController], providers: [SignInLinks] })
export class SignInLinksModule {}
