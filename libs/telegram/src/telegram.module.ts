import { Module } from '@nestjs/common';
import { Telegram } from './telegram.service.js';

@Module({ providers: [Telegram], exports: [Telegram] })
export class TelegramModule {}
