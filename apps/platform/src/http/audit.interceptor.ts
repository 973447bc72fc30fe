import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { Database } from '#libs/database';
import { AuditStore, Doorbell, type NewAuditEntry } from '#libs/journal';
import { AUDIENCE, type Audience, type CreatorSession, type StaffSession } from './audience.js';
import { entryOfCreator, entryOfStaff, madeBy, tenantIn } from './audited.js';
import { IDEMPOTENCY, type IdempotencyRule, PLAIN } from './idempotency.js';
import { operationId } from './operation.js';
import { circumstancesOf } from './origin.js';

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

type AuditedRequest = FastifyRequest & { user?: CreatorSession; staff?: StaffSession };
type Work = () => Promise<unknown>;

/**
 * Records what people do, so that no route has to remember it: every write of a creator, every write of staff, and what staff read about
 * people or look at as if they were the workspace. See docs/decisions/0017-audit-log.md.
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly db: Database,
    private readonly audit: AuditStore,
    private readonly bell: Doorbell,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AuditedRequest>();
    const targets = [context.getHandler(), context.getClass()];
    const audience = this.reflector.getAllAndOverride<Audience | undefined>(AUDIENCE, targets);
    const action = operationId(context.getClass().name, context.getHandler().name);
    const work = () => lastValueFrom(next.handle(), { defaultValue: undefined });
    const writes = WRITES.has(request.method);

    if (audience?.kind === 'staff' && request.staff !== undefined && (writes || audience.personal)) {
      const entry = entryOfStaff(action, request.staff, request, circumstancesOf(request));
      const tenantId = tenantIn(request);
      if (writes && tenantId !== undefined) return from(this.around(tenantId, entry, work));
      return from(this.aroundForStaff(tenantId, entry, work));
    }
    if (audience?.kind === 'creator' && request.user !== undefined && writes) {
      const rule = this.reflector.getAllAndOverride<IdempotencyRule | undefined>(IDEMPOTENCY, targets) ?? PLAIN;
      const entry = entryOfCreator(action, request.user, request, circumstancesOf(request));
      const { tenantId } = request.user;
      const callsOut = rule.callsOut || rule.ignored;
      return from(callsOut ? this.around(tenantId, entry, work) : this.within(tenantId, entry, work));
    }
    if (request.user?.via === 'impersonation') {
      const entry = entryOfCreator(action, request.user, request, circumstancesOf(request));
      return from(this.looked(request.user.tenantId, entry, work));
    }
    return next.handle();
  }

  /** Work and entry commit together: neither is there without the other. */
  private async within(tenantId: string, entry: NewAuditEntry, work: Work): Promise<unknown> {
    const answer = await this.db.inOneTransaction(tenantId, async (tx) => {
      const done = await work();
      await this.audit.record(tx, { ...entry, targets: [...entry.targets, ...madeBy(done, entry.targets)] });
      return done;
    });
    // What the work rang for was not committed then.
    for (const bell of ['relay', 'refunds', 'delivery'] as const) this.bell.ring(bell);
    return answer;
  }

  /** The workspace sees each look of staff, whatever the answer is. */
  private async looked(tenantId: string, entry: NewAuditEntry, work: Work): Promise<unknown> {
    await this.db.inTenant(tenantId, (tx) => this.audit.record(tx, entry));
    return work();
  }

  /** The intent is there before anything happens; what became of it is added. */
  private async around(tenantId: string, entry: NewAuditEntry, work: Work): Promise<unknown> {
    const id = await this.db.inTenant(tenantId, (tx) => this.audit.record(tx, entry, 'begun'));
    return settle(entry, work, (outcome, made) =>
      this.db.inTenant(tenantId, (tx) => this.audit.conclude(tx, id, outcome, made)),
    );
  }

  private async aroundForStaff(tenantId: string | undefined, entry: NewAuditEntry, work: Work): Promise<unknown> {
    const id = await this.db.inPlatform('record what staff are about to do', (tx) =>
      this.audit.recordForStaff(tx, entry, tenantId, 'begun'),
    );
    return settle(entry, work, (outcome, made) =>
      this.db.inPlatform('record what became of it', (tx) => this.audit.concludeForStaff(tx, id, outcome, made)),
    );
  }
}

async function settle(
  { targets }: NewAuditEntry,
  work: Work,
  conclude: (outcome: 'done' | 'refused', made: readonly string[]) => Promise<void>,
): Promise<unknown> {
  try {
    const answer = await work();
    await conclude('done', madeBy(answer, targets));
    return answer;
  } catch (error) {
    await conclude('refused', []);
    throw error;
  }
}
