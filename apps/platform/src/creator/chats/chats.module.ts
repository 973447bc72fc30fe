import { Module } from '@nestjs/common';
import { ChatsModule } from '#libs/chats';
import { ChatsController } from './chats.controller.js';
import { PaidLinksController } from './paid-links.controller.js';

@Module({ imports: [ChatsModule], controllers: [ChatsController, PaidLinksController] })
export class CreatorChatsModule {}
