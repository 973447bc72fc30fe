import { type DynamicModule, Module } from '@nestjs/common';
import { type Room, ROOMS } from './table.js';

/** Hands the tables of all libraries to whoever goes through them: exports, erasures, closings, lists of what is stuck. */
@Module({})
export class RoomsModule {
  /** @param rooms in the order in which an erasure goes through them within a phase */
  static with(rooms: readonly Room[]): DynamicModule {
    return { module: RoomsModule, global: true, providers: [{ provide: ROOMS, useValue: rooms }], exports: [ROOMS] };
  }
}
