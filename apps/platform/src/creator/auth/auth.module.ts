import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { SecretBox } from '#libs/runtime';
import { TenantsModule } from '#libs/tenants';
import { AccessTokens, signing } from './access-tokens.service.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { JwtStrategy } from './jwt.strategy.js';
import { SessionsController } from './sessions.controller.js';

@Module({
  imports: [TenantsModule, JwtModule.registerAsync({ inject: [SecretBox], useFactory: signing })],
  controllers: [AuthController, SessionsController],
  providers: [AccessTokens, AuthService, JwtStrategy],
  exports: [AuthService],
})
export class AuthModule {}
