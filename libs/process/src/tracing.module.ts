import { type DynamicModule, Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/runtime';
import { endTracing, startTracing } from '#libs/tracing';

const PROCESS_NAME = Symbol('process name');

/** Records traces while the process runs, if the settings say where to send them. */
@Injectable()
export class Tracing implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'tracesTo'>,
    @Inject(PROCESS_NAME) private readonly name: string,
  ) {}

  async onModuleInit(): Promise<void> {
    const { tracesTo } = this.config;
    if (tracesTo !== undefined) await startTracing(`starwall-${this.name}`, tracesTo);
  }

  /** Sends the remaining traces. */
  async onApplicationShutdown(): Promise<void> {
    await endTracing();
  }
}

export class TracingModule {
  static of(name: string): DynamicModule {
    return { module: TracingModule, providers: [Tracing, { provide: PROCESS_NAME, useValue: name }] };
  }
}
