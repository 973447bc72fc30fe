import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TenantsModule } from '#libs/tenants';
import { LoginAttempts } from '../../http/login-attempts.js';
import { SignedTokens } from '../../http/signed-tokens.js';
import { AccessTokens } from './access-tokens.service.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { BrowserSessionsController } from './browser-sessions.controller.js';
import { JwtStrategy } from './jwt.strategy.js';
import { SecondFactorController } from './second-factor.controller.js';
import { SessionsController } from './sessions.controller.js';

@Module({
  imports: [TenantsModule, JwtModule.register({})],
  controllers: [AuthController, BrowserSessionsController, SecondFactorController, SessionsController],
  providers: [AccessTokens, AuthService, JwtStrategy, LoginAttempts, SignedTokens],
  exports: [AuthService, SignedTokens],
})
export class AuthModule {}
