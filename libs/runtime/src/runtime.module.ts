import { type DynamicModule, Module } from '@nestjs/common';
import { type Clock, systemClock } from '#libs/kernel';
import type { Config } from './config.js';
import { SecretBox } from './secret-box.js';

export const CONFIG = Symbol('Config');
export const CLOCK = Symbol('Clock');

/** Configuration, the clock and the secret box, for every room. */
@Module({})
export class RuntimeModule {
  static with(config: Config, clock: Clock = systemClock): DynamicModule {
    return {
      module: RuntimeModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: CLOCK, useValue: clock },
        { provide: SecretBox, useFactory: () => new SecretBox(config.masterKey) },
      ],
      exports: [CONFIG, CLOCK, SecretBox],
    };
  }
}
