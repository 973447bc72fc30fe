import { type DynamicModule, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { BotVoice } from './bot-voice.js';
import { JobDesk } from './job-desk.js';
import { JOB_HANDLERS, type JobHandler } from './job-handler.js';
import { JobRunner } from './job-runner.js';
import { RelayLoop } from './relay.loop.js';

/** Relays events and runs jobs. Refuses to start unless every kind of job has exactly one handler. */
@Module({})
export class JobsModule {
  /** @param imports the modules that the handlers need, DeliveryModule among them */
  static with(handlers: readonly Type<JobHandler>[], imports: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return {
      module: JobsModule,
      imports,
      providers: [
        ...handlers,
        { provide: JOB_HANDLERS, inject: [...handlers], useFactory: (...all: JobHandler[]) => all },
        BotVoice,
        JobDesk,
        JobRunner,
        RelayLoop,
      ],
      exports: [JobRunner],
    };
  }
}
