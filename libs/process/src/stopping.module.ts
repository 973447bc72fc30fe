import { Global, Module } from '@nestjs/common';
import { ClockWatch } from './clock.watch.js';
import { DatabaseCheck } from './database.check.js';
import { NoteTaker } from './note-taker.service.js';
import { Rounds } from './rounds.service.js';
import { Stopping } from './stopping.service.js';

const EVERYWHERE = [Stopping, Rounds, ClockWatch, DatabaseCheck, NoteTaker];

@Global()
@Module({ providers: EVERYWHERE, exports: EVERYWHERE })
export class StoppingModule {}
