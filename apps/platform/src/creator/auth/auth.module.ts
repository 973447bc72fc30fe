import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { MailModule } from '#libs/mail';
import { TenantsModule } from '#libs/tenants';
import { Afterwards } from '../../http/afterwards.js';
import { LoginAttempts } from '../../http/login-attempts.js';
import { SignedTokens } from '../../http/signed-tokens.js';
import { AccessTokens } from './access-tokens.service.js';
import { AddressesController } from './addresses.controller.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { BrowserSessionsController } from './browser-sessions.controller.js';
import { JwtStrategy } from './jwt.strategy.js';
import { PasswordResetsController } from './password-resets.controller.js';
import { SecondFactorController } from './second-factor.controller.js';
import { SessionsController } from './sessions.controller.js';

@Module({
  imports: [MailModule, TenantsModule, JwtModule.register({})],
  controllers: [
    AddressesController,
    AuthController,
    BrowserSessionsController,
    PasswordResetsController,
    SecondFactorController,
    SessionsController,
  ],
  providers: [AccessTokens, Afterwards, AuthService, JwtStrategy, LoginAttempts, SignedTokens],
  exports: [AuthService, SignedTokens],
})
export class AuthModule {}
