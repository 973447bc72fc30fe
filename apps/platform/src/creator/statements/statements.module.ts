import { Module } from '@nestjs/common';
import { SalesModule } from '#libs/sales';
import { StatementsController } from './statements.controller.js';

@Module({ imports: [SalesModule], controllers: [StatementsController] })
export class StatementsModule {}
