import { Global, Module } from '@nestjs/common';
import { ClockWatch } from './clock.watch.js';
import { Rounds } from './rounds.service.js';
import { Stopping } from './stopping.service.js';

@Global()
@Module({ providers: [Stopping, Rounds, ClockWatch], exports: [Stopping, Rounds, ClockWatch] })
export class StoppingModule {}
