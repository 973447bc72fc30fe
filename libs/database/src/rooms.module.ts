import { type DynamicModule, Module } from '@nestjs/common';
import { type Room, ROOMS } from './table.js';

/** Provides the table cards of all libraries to exports, erasures, closings, and lists of stuck work. */
@Module({})
export class RoomsModule {
  /** @param rooms in the order in which an erasure processes them within a phase */
  static with(rooms: readonly Room[]): DynamicModule {
    return { module: RoomsModule, global: true, providers: [{ provide: ROOMS, useValue: rooms }], exports: [ROOMS] };
  }
}
