import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  Global,
  Inject,
  Injectable,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type Clock, MINUTE, SECOND } from '#libs/kernel';
import { CLOCK, Seldom } from '#libs/runtime';

/** The event loop's delay in this process, in whole milliseconds, over the last ten to twenty seconds. */
export interface EventLoopLag {
  readonly p99: number;
  readonly max: number;
}

/** Sampling interval in milliseconds. */
const RESOLUTION = 20;
const WINDOW_MS = 10 * SECOND;
/** People notice a delay of half a second. */
const WARN_FROM_MS = SECOND / 2;

/**
 * Measures the event loop's delay in this process, and warns at most once a minute about a delay of half a second or
 * more.
 */
@Injectable()
export class EventLoopWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('EventLoop');
  private readonly delays = monitorEventLoopDelay({ resolution: RESOLUTION });
  private readonly warnings = new Seldom(MINUTE);
  private before: EventLoopLag = { p99: 0, max: 0 };
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  onApplicationBootstrap(): void {
    this.delays.enable();
    this.timer = setInterval(() => this.turn(), WINDOW_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.delays.disable();
  }

  lag(): EventLoopLag {
    const now = this.current();
    return { p99: Math.max(now.p99, this.before.p99), max: Math.max(now.max, this.before.max) };
  }

  private turn(): void {
    this.before = this.current();
    this.delays.reset();
    const { max, p99 } = this.before;
    if (max < WARN_FROM_MS) return;
    this.warnings.about(this.clock.now(), (times) =>
      this.log.warn(
        `The event loop of this process was blocked for ${max} ms within ten seconds (p99 ${p99} ms), ${times} times since the last warning. ` +
          'All requests waited that long. Give the machine more CPU, or find out what keeps the process busy.',
      ),
    );
  }

  private current(): EventLoopLag {
    if (this.delays.count === 0) return { p99: 0, max: 0 };
    const beyond = (nanoseconds: number) => Math.max(0, Math.round(nanoseconds / 1e6) - RESOLUTION);
    return { p99: beyond(this.delays.percentile(99)), max: beyond(this.delays.max) };
  }
}

@Global()
@Module({ providers: [EventLoopWatch], exports: [EventLoopWatch] })
export class EventLoopModule {}
