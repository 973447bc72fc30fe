import { Injectable } from '@nestjs/common';
import { chargedByPeriod, ProductService } from '#libs/catalog';
import { type Cursor, seekOptions, type TenantTx } from '#libs/database';
import { newUuid, NotFound } from '#libs/kernel';
import {
  InvalidPromoCode,
  MAX_GUESSES,
  PROMO_CODE,
  promoCodeOf,
  PromoCodeTaken,
  noPromoFor,
  type PromoProblem,
  type Promo,
  type PromoState,
} from './promo.js';
import { PromoCodeRow } from './promo.entity.js';
import { PromoStore } from './promo.store.js';

export type NewPromo = Omit<Promo, 'state' | 'uses'> & {
  readonly botId: string;
  readonly code: string;
  readonly metadata?: Readonly<Record<string, string>>;
};

type Changeable = 'maxUses' | 'maxUsesPerBuyer' | 'startsAt' | 'endsAt';
/** Omitted fields do not change. A code's discount is immutable, because buyers have been told about it. */
export type PromoChange = { readonly [K in Changeable]?: Promo[K] | undefined } & {
  /** Replaces the metadata as a whole. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
};

export interface PromoFilter extends Cursor {
  readonly botId?: string | undefined;
  readonly state?: PromoState | undefined;
  readonly limit: number;
}

/** The cost of a code: list price minus price of the orders that were paid with it and not refunded. */
export interface PromoStanding {
  readonly promo: PromoCodeRow;
  readonly paid: number;
  readonly givenAway: number;
}

export type PromoEntered =
  | {
      readonly kind: 'kept';
      readonly promo: PromoCodeRow;
      readonly product: string | undefined;
      /** The code is for the whole bot, which also sells subscriptions: their prices do not change. */
      readonly exceptPlans: boolean;
    }
  | { readonly kind: PromoProblem | 'unknown' | 'too_many' };

/** Manages discount codes for creators, and applies those that buyers enter. */
@Injectable()
export class PromoService {
  constructor(
    private readonly store: PromoStore,
    private readonly products: ProductService,
  ) {}

  /**
   * @throws InvalidPromoCode, PromoCodeTaken; NotFound when the bot or one of its products does not belong to the
   * tenant
   */
  async create(tx: TenantTx, input: NewPromo, now: Date): Promise<PromoCodeRow> {
    const code = promoCodeOf(input.code);
    if (code === undefined) throw invalid('code', `must be 3 to 32 characters of ${PROMO_CODE.source.slice(1, 13)}`);
    if ((input.percentOff === null) === (input.starsOff === null))
      throw invalid('percent_off', 'must be given, or else stars_off: exactly one of the two');
    needWindow(input);
    await needBot(tx, input.botId);
    if (input.productId !== null) {
      const { botId, kind, stars } = await this.products.get(tx, input.productId);
      if (botId !== input.botId) throw new NotFound('product');
      const problem = noPromoFor(kind, stars);
      if (problem !== undefined) throw invalid('product_id', problem);
    }
    const key = { tenantId: tx.tenantId, id: newUuid(now.getTime()) };
    const fixed = { state: 'active', uses: 0, createdAt: now, updatedAt: now } as const;
    const row: PromoCodeRow = { ...key, ...input, code, metadata: { ...input.metadata }, ...fixed };
    const made = await tx.manager
      .createQueryBuilder()
      .insert()
      .into(PromoCodeRow)
      .values(row)
      .orIgnore()
      .returning('id')
      .execute();
    if ((made.raw as unknown[]).length === 0) throw new PromoCodeTaken();
    return row;
  }

  /** @throws NotFound */
  async get(tx: TenantTx, id: string): Promise<PromoStanding> {
    const promo = await tx.manager.findOneBy(PromoCodeRow, { tenantId: tx.tenantId, id });
    const [standing] = promo === null ? [] : await standings(tx, [promo]);
    if (standing === undefined) throw new NotFound('promo code');
    return standing;
  }

  /** Newest first. */
  async list(tx: TenantTx, { botId, state, limit, ...cursor }: PromoFilter): Promise<PromoStanding[]> {
    const { where, order } = seekOptions(cursor);
    const filter = { ...(botId === undefined ? {} : { botId }), ...(state === undefined ? {} : { state }) };
    const found = { where: { tenantId: tx.tenantId, ...filter, ...where }, order, take: limit };
    return standings(tx, await tx.manager.find(PromoCodeRow, found));
  }

  /** Orders that were approved with it keep their price. @throws NotFound, InvalidPromoCode */
  async change(tx: TenantTx, id: string, change: PromoChange, now: Date): Promise<PromoStanding> {
    const row = await lock(tx, id);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    needWindow({ ...row, ...given });
    await tx.manager.update(PromoCodeRow, { tenantId: tx.tenantId, id }, { ...given, updatedAt: now });
    return this.get(tx, id);
  }

  /** Ends or reactivates a code. Idempotent. @throws NotFound */
  async setState(tx: TenantTx, id: string, state: PromoState, now: Date): Promise<PromoStanding> {
    await lock(tx, id);
    await tx.manager.update(PromoCodeRow, { tenantId: tx.tenantId, id }, { state, updatedAt: now });
    return this.get(tx, id);
  }

  /**
   * Stores a code that a buyer enters and applies it to their purchases, replacing an earlier one. A buyer who has
   * typed too many unknown codes is refused every code for a while, valid or not.
   */
  async enter(tx: TenantTx, botId: string, buyerId: number, typed: string, now: Date): Promise<PromoEntered> {
    if ((await this.store.countGuess(tx, botId, buyerId, now)) > MAX_GUESSES) return { kind: 'too_many' };
    const code = promoCodeOf(typed);
    const named = code === undefined ? undefined : await this.store.named(tx, botId, buyerId, code, now);
    if (named === undefined) return { kind: 'unknown' };
    const { promo, problem } = named;
    await this.store.forgiveGuess(tx, botId, buyerId);
    if (problem !== undefined) return { kind: problem };
    await this.store.keep(tx, promo, buyerId, now);
    if (promo.productId === null)
      return { kind: 'kept', promo, product: undefined, exceptPlans: await sellsPlans(tx, botId) };
    const product = await this.products.forSale(tx, promo.productId);
    return { kind: 'kept', promo, product: product?.title, exceptPlans: false };
  }
}

async function standings(tx: TenantTx, promos: readonly PromoCodeRow[]): Promise<PromoStanding[]> {
  if (promos.length === 0) return [];
  const rows = await tx.query<{ id: string; paid: number; givenAway: number }>(
    `select promo_code_id as id, count(*)::int as paid, sum(list_stars - stars)::bigint as "givenAway" from orders
     where tenant_id = $1 and promo_code_id = any($2) and promo_taken and state = 'paid' group by promo_code_id`,
    [tx.tenantId, promos.map((promo) => promo.id)],
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  return promos.map((promo) => {
    const { paid = 0, givenAway = 0 } = found.get(promo.id) ?? {};
    return { promo, paid, givenAway };
  });
}

async function lock(tx: TenantTx, id: string): Promise<PromoCodeRow> {
  const where = { tenantId: tx.tenantId, id };
  const row = await tx.manager.findOne(PromoCodeRow, { where, lock: { mode: 'for_no_key_update' } });
  if (row === null) throw new NotFound('promo code');
  return row;
}

async function needBot(tx: TenantTx, botId: string): Promise<void> {
  const found = await tx.query(
    `select 1 from bots where tenant_id = $1 and id = $2 and state not in ('removing', 'removed')`,
    [tx.tenantId, botId],
  );
  if (found.length === 0) throw new NotFound('bot');
}

async function sellsPlans(tx: TenantTx, botId: string): Promise<boolean> {
  const found = await tx.query(
    `select 1 from products where tenant_id = $1 and bot_id = $2 and ${chargedByPeriod('kind')} and state = 'active' limit 1`,
    [tx.tenantId, botId],
  );
  return found.length > 0;
}

function needWindow({ startsAt, endsAt }: Pick<Promo, 'startsAt' | 'endsAt'>): void {
  if (startsAt !== null && endsAt !== null && startsAt >= endsAt)
    throw invalid('ends_at', 'must be later than starts_at');
}

const invalid = (path: string, message: string) => new InvalidPromoCode([{ path, message }]);
