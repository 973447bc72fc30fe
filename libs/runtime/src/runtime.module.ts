import { type DynamicModule, Module } from '@nestjs/common';
import { type Clock, systemClock } from '#libs/kernel';
import type { Config } from './config.js';

export const CONFIG = Symbol('Config');
export const CLOCK = Symbol('Clock');

/** Provides the configuration and the clock everywhere. */
@Module({})
export class RuntimeModule {
  static with(config: Config, clock: Clock = systemClock): DynamicModule {
    return {
      module: RuntimeModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: CLOCK, useValue: clock },
      ],
      exports: [CONFIG, CLOCK],
    };
  }
}
