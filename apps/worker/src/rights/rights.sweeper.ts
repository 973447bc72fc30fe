import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { FileService } from '#libs/catalog';
import { Database } from '#libs/database';
import { type Clock, DAY, MINUTE } from '#libs/kernel';
import { forgetKeys, Rounds } from '#libs/process';
import { ClosingService, ClosureService, ErasureService } from '#libs/rights';
import { CLOCK, messageOf } from '#libs/runtime';

const EVERY_MS = MINUTE;
const CLOSINGS = 20;
const FILES = 500;
/** Milliseconds for which the response to a request with an idempotency key can be repeated. */
const KEEP_ANSWERS_MS = DAY;

/** Closes workspaces whose closure is due, and deletes data that is no longer needed. */
@Injectable()
export class RightsSweeper implements OnApplicationBootstrap {
  private readonly log = new Logger('Rights');

  constructor(
    private readonly db: Database,
    private readonly closures: ClosureService,
    private readonly closing: ClosingService,
    private readonly erasures: ErasureService,
    private readonly files: FileService,
    private readonly rounds: Rounds,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.every(EVERY_MS, 'rights', (stop) => this.sweep(stop));
  }

  /**
   * Deletes the identities of buyers erased long ago, and closes workspaces whose closure is due. Safe in concurrent
   * processes: the second one finds nothing to do.
   */
  async sweep(stop?: AbortSignal): Promise<void> {
    await this.attempt('erasures', () =>
      this.db.inPlatform('delete identities of buyers erased long ago', (tx) => this.erasures.forgetPersons(tx)),
    );
    await this.attempt('files of erased buyers', () => this.files.removeForgotten(FILES));
    await this.attempt('answers', () => this.forgetAnswers());
    const due = await this.attempt('closures', () =>
      this.db.inPlatform('workspaces whose closure is due', (tx) => this.closures.due(tx, CLOSINGS)),
    );
    for (const tenantId of due ?? []) {
      if (!stop?.aborted) await this.attempt(`closing ${tenantId}`, () => this.closing.close(tenantId));
    }
  }

  private forgetAnswers() {
    const before = new Date(this.clock.now().getTime() - KEEP_ANSWERS_MS);
    return this.db.inPlatform('delete answers that can no longer be repeated', (tx) => forgetKeys(tx, before));
  }

  private async attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.log.error(`${what}: ${messageOf(error)}`);
      return undefined;
    }
  }
}
