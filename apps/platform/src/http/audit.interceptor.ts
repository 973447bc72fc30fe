import { type CallHandler, type ExecutionContext, Injectable, Logger, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { Database } from '#libs/database';
import { AuditStore, type NewAuditEntry } from '#libs/journal';
import { redact } from '#libs/runtime';
import type { CreatorSession, StaffSession } from './audience.js';
import { entryOfCreator, entryOfStaff, madeBy, tenantIn } from './audited.js';
import { Commit } from './commit.js';
import { circumstancesOf } from './origin.js';
import { routeOf } from './route.js';

type AuditedRequest = FastifyRequest & { user?: CreatorSession; staff?: StaffSession };
type Work = () => Promise<unknown>;
type Ended = 'done' | 'refused';
type Conclude = (outcome: Ended, made: readonly string[]) => Promise<void>;

/**
 * Records people's actions, so that routes need not: every write of a creator, every write of staff, reads of people by
 * staff, and everything during an impersonation. See docs/decisions/0017-audit-log.md.
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  private readonly log = new Logger('Audit');

  constructor(
    private readonly reflector: Reflector,
    private readonly db: Database,
    private readonly audit: AuditStore,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AuditedRequest>();
    const { operation: action, audience, writes, rule } = routeOf(this.reflector, context);
    const work = () => lastValueFrom(next.handle(), { defaultValue: undefined });

    if (audience?.kind === 'staff' && request.staff !== undefined && (writes || audience.personal)) {
      const entry = entryOfStaff(action, request.staff, request, circumstancesOf(request));
      const tenantId = tenantIn(request);
      if (writes && tenantId !== undefined) return from(this.around(tenantId, entry, work));
      return from(this.aroundForStaff(tenantId, entry, work));
    }
    if (audience?.kind === 'creator' && request.user !== undefined && writes) {
      const entry = entryOfCreator(action, request.user, request, circumstancesOf(request));
      const { tenantId } = request.user;
      if (rule.callsOut || rule.ignored) return from(this.around(tenantId, entry, work));
      if (rule.prepares) return from(this.prepared(tenantId, entry, work as () => Promise<Commit>));
      return from(this.within(tenantId, entry, work));
    }
    if (request.user?.via === 'impersonation') {
      const entry = entryOfCreator(action, request.user, request, circumstancesOf(request));
      return from(this.looked(request.user.tenantId, entry, work));
    }
    return next.handle();
  }

  /** Commits work and entry together or not at all. */
  private within(tenantId: string, entry: NewAuditEntry, work: Work): Promise<unknown> {
    return this.db.inOneTransaction(tenantId, async (tx) => {
      const done = await work();
      await this.audit.record(tx, { ...entry, targets: [...entry.targets, ...madeBy(done, entry.targets)] });
      return done;
    });
  }

  /** Like {@link within}, for the transaction after a preparation. */
  private async prepared(tenantId: string, entry: NewAuditEntry, work: () => Promise<Commit>): Promise<Commit> {
    const { work: last, content, abandon } = await work();
    return new Commit(() => this.within(tenantId, entry, last), content, abandon);
  }

  /** Records each request of impersonating staff for the workspace, whatever its outcome. */
  private async looked(tenantId: string, entry: NewAuditEntry, work: Work): Promise<unknown> {
    await this.db.inTenant(tenantId, (tx) => this.audit.record(tx, entry));
    return work();
  }

  /** Records the intent first, and the outcome afterwards. */
  private async around(tenantId: string, entry: NewAuditEntry, work: Work): Promise<unknown> {
    const id = await this.db.inTenant(tenantId, (tx) => this.audit.record(tx, entry, 'begun'));
    return this.settle(entry, work, (outcome, made) =>
      this.db.inTenant(tenantId, (tx) => this.audit.conclude(tx, id, outcome, made)),
    );
  }

  private async aroundForStaff(tenantId: string | undefined, entry: NewAuditEntry, work: Work): Promise<unknown> {
    const id = await this.db.inPlatform('record what staff are about to do', (tx) =>
      this.audit.recordForStaff(tx, entry, tenantId, 'begun'),
    );
    return this.settle(entry, work, (outcome, made) =>
      this.db.inPlatform('record the outcome', (tx) => this.audit.concludeForStaff(tx, id, outcome, made)),
    );
  }

  /**
   * Adds the outcome to an entry. If it cannot be recorded, the work is kept, the entry stays `begun`, and the reason
   * is logged.
   */
  private async settle({ targets }: NewAuditEntry, work: Work, conclude: Conclude): Promise<unknown> {
    const say = (outcome: Ended, made: readonly string[]) =>
      conclude(outcome, made).catch((error: unknown) =>
        this.log.error(redact(`An outcome could not be recorded: ${String(error)}`)),
      );
    try {
      const answer = await work();
      await say('done', madeBy(answer, targets));
      return answer;
    } catch (error) {
      await say('refused', []);
      throw error;
    }
  }
}
