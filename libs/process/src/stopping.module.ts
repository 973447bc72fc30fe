import { Global, Module } from '@nestjs/common';
import { ClockWatch } from './clock.watch.js';
import { Rounds } from './rounds.js';
import { Stopping } from './stopping.js';

@Global()
@Module({ providers: [Stopping, Rounds, ClockWatch], exports: [Stopping, Rounds, ClockWatch] })
export class StoppingModule {}
