import { Inject, Injectable } from '@nestjs/common';
import type { Api } from 'grammy';
import { Database, type TenantTx } from '#libs/database';
import { type Clock, DomainError } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { BotNotReadable, ReconciliationService } from '#libs/sales';
import { BotCalls, BotService, type OpenBot, TelegramOutcomeUnknown } from '#libs/tenants';
import { assertConsent, type Consent, fingerprintOf, LISTED, type Quote, type SpendingKind } from './spending.js';
import type { SpendingRow } from './spending.entity.js';
import { SpendingStore } from './spending.store.js';

/** A request to spend Stars. */
export interface SpendingWish extends Consent {
  readonly kind: SpendingKind;
  readonly botId: string;
  readonly connectionId: string | null;
  /** Identifies this request in the workspace, permanently. */
  readonly key: string;
  /** An account's public id. */
  readonly by: string;
  /** The receiver, or the owner of the Stars that are moved. */
  readonly personId: number | null;
  /** The request, under the names of the API. */
  readonly details: SpendingRow['details'];
}

/** The result of checking with Telegram: the cost, and the call to make. */
export interface Plan extends Quote {
  readonly call: (api: Api) => Promise<unknown>;
}

/**
 * The only way to spend Stars on request: intent, call, confirmation. A call is made once. If its response is lost it
 * is `unknown`, and a repeated request gets the same result.
 */
@Injectable()
export class SpendingService {
  constructor(
    private readonly db: Database,
    private readonly store: SpendingStore,
    private readonly bots: BotService,
    private readonly calls: BotCalls,
    private readonly reconciliations: ReconciliationService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Spends as requested, unless that was done under this key before.
   * @param planned checks with Telegram, and refuses an impossible request
   * @throws NotFound, IdempotencyMismatch, SpendingUnderWay, TenantRestricted, BotNotInState, CeilingExceeded,
   * ConfirmationRequired, the errors of `planned` and of {@link BotCalls.act}: TelegramOutcomeUnknown even for a
   * repeated request
   */
  async once(tenantId: string, wish: SpendingWish, planned: (bot: OpenBot) => Promise<Plan>): Promise<SpendingRow> {
    const { kind, botId, connectionId, key, maxStars, personId, details } = wish;
    const fingerprint = fingerprintOf(kind, botId, { ...details, connectionId, maxStars, personId });
    await this.bots.get(tenantId, botId);
    const known = await this.db.inTenant(tenantId, (tx) => this.store.known(tx, key, fingerprint, this.clock.now()));
    if (known !== undefined) return answerOf(known);
    // Stars leave the workspace without a buyer's request.
    const bot = await this.calls.open(tenantId, botId, 'message');
    const plan = await planned(bot);
    assertConsent(kind, plan, wish);
    const wanted = {
      botId,
      businessConnectionId: connectionId,
      kind,
      idempotencyKey: key,
      fingerprint,
      stars: plan.stars,
      maxStars,
      personId,
      details,
      requestedBy: wish.by,
    };
    const begun = await this.db.inTenant(tenantId, (tx) => this.store.begin(tx, wanted, this.clock.now()));
    return this.act(bot, begun, plan);
  }

  private async act(bot: OpenBot, begun: SpendingRow, { call }: Plan): Promise<SpendingRow> {
    const { tenantId } = bot;
    try {
      await this.calls.act(bot, call);
    } catch (error) {
      const state = error instanceof TelegramOutcomeUnknown ? 'unknown' : 'refused';
      // Any error other than a refusal is our bug, so the outcome is unknown.
      await this.db.confirm(tenantId, (tx) =>
        this.conclude(tx, begun, error instanceof DomainError ? state : 'unknown', error),
      );
      throw error;
    }
    const done = await this.db.confirm(tenantId, (tx) => this.conclude(tx, begun, 'done'));
    return done;
  }

  private async conclude(
    tx: TenantTx,
    { id }: SpendingRow,
    state: 'done' | 'refused' | 'unknown',
    error?: unknown,
  ): Promise<SpendingRow> {
    const [row, now] = [await this.store.lock(tx, id), this.clock.now()];
    // Another request recorded it already, or it took so long that it was marked `unknown`; its response is recorded
    // nevertheless.
    if (row.state === state) return row;
    const failure = error instanceof Error ? error.message : null;
    const after = await this.store.move(tx, row, state, { failure }, now);
    if (state === 'unknown' && LISTED[row.kind] !== undefined) {
      await this.reconciliations.request(tx, row.botId, now).catch((refused: unknown) => {
        if (!(refused instanceof BotNotReadable)) throw refused;
      });
    }
    return after;
  }
}

/** @throws TelegramOutcomeUnknown */
function answerOf(row: SpendingRow): SpendingRow {
  if (row.state === 'unknown') throw new TelegramOutcomeUnknown();
  return row;
}
