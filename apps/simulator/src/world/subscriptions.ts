import { SECOND } from '#libs/kernel';
import type { Cancel } from './clock.js';
import { badRequest, WorldError } from './errors.js';
import type { Ground } from './ground.js';
import type { Person } from './person.js';

/** The receiver of the Stars: the bot behind an invoice link, or the channel behind a paid invite link. */
export type SellerRef =
  | { readonly type: 'bot'; readonly botId: number; readonly offerId: string }
  | { readonly type: 'channel'; readonly chatId: number; readonly inviteLink: string };

/** A recurring payment of Stars. */
export interface Subscription {
  readonly id: string;
  readonly userId: number;
  readonly seller: SellerRef;
  readonly title: string;
  readonly amount: number;
  /** Seconds. */
  readonly period: number;
  /** The id by which the bot knows the subscription. */
  readonly firstChargeId: string;
  /** Unix time in seconds up to which it is paid. */
  expiresAt: number;
  /** The party that turned renewal off. The person cannot undo it if it was the bot. */
  canceledBy?: 'user' | 'bot';
  /** True when the last renewal found too few Stars. */
  failed: boolean;
}

export type SubscriptionState = 'active' | 'canceled' | 'failed' | 'ended';

/** The seller's part in a subscription. */
export interface Seller {
  /** False when the person no longer gets anything for the payment. */
  isWanted(subscription: Subscription): boolean;
  /** Takes the price for one more period, which ends at `subscription.expiresAt`. The wallet has the Stars. */
  renewed(subscription: Subscription, person: Person): void;
  /** Called when the person has turned renewal off or on, or when it has failed. */
  changed(subscription: Subscription, person: Person, state: 'active' | 'canceled' | 'failed'): void;
  /** Called when the paid time ends without a renewal. */
  ended(subscription: Subscription, person: Person): void;
}

/**
 * Subscriptions, which renew when their paid time ends. Assumptions, since no capture is public: a renewal has no
 * pre-checkout, has its own charge id, is tried once, and after a failure begins a new period when the person renews
 * it.
 */
export class Subscriptions {
  readonly byId = new Map<string, Subscription>();
  readonly #timers = new Map<string, Cancel>();

  constructor(
    private readonly world: Ground,
    private readonly sellerOf: (seller: SellerRef) => Seller,
  ) {}

  /** Begins a subscription after its first payment. */
  begin(terms: Omit<Subscription, 'id' | 'failed'>): Subscription {
    const subscription: Subscription = { ...terms, id: this.world.random.text(16), failed: false };
    this.keep(subscription);
    this.#tell(subscription);
    return subscription;
  }

  /** Adds a subscription and schedules its renewal. */
  keep(subscription: Subscription): void {
    this.byId.set(subscription.id, subscription);
    this.#timers.get(subscription.id)?.();
    const wait = subscription.expiresAt * SECOND - this.world.clock.millis();
    if (wait <= 0 && (subscription.failed || subscription.canceledBy !== undefined)) return;
    this.#timers.set(
      subscription.id,
      this.world.clock.after(Math.max(0, wait), () => this.#due(subscription)),
    );
  }

  get(id: string): Subscription {
    const subscription = this.byId.get(id);
    if (subscription === undefined)
      throw new WorldError('subscription_not_found', 'There is no such subscription.', 404);
    return subscription;
  }

  of(userId: number): readonly Subscription[] {
    return [...this.byId.values()].filter((subscription) => subscription.userId === userId);
  }

  state({ expiresAt, canceledBy, failed }: Subscription): SubscriptionState {
    if (failed) return 'failed';
    const isPaid = expiresAt > this.world.clock.seconds();
    if (canceledBy !== undefined) return isPaid ? 'canceled' : 'ended';
    return 'active';
  }

  /** The person's unexpired subscription to this seller. */
  running(userId: number, seller: SellerRef): Subscription | undefined {
    const same = JSON.stringify(seller);
    const now = this.world.clock.seconds();
    return this.of(userId).find((each) => JSON.stringify(each.seller) === same && each.expiresAt > now);
  }

  /** The person turns renewal off; the paid time stays. */
  cancel(id: string): void {
    const subscription = this.get(id);
    this.#needs(subscription, ['active', 'failed']);
    subscription.canceledBy = 'user';
    subscription.failed = false;
    this.#changed(subscription, 'canceled');
  }

  /** The person turns renewal on again, before the paid time ends. */
  resume(id: string): void {
    const subscription = this.get(id);
    this.#needs(subscription, ['canceled']);
    if (subscription.canceledBy === 'bot') {
      throw new WorldError('canceled_by_bot', 'The bot has canceled this subscription; only the bot can resume it.');
    }
    delete subscription.canceledBy;
    this.#changed(subscription, 'active');
  }

  /** Renews now: at a test's request, or because the person has Stars again after a failed renewal. */
  renew(id: string): void {
    const subscription = this.get(id);
    this.#needs(subscription, ['active', 'failed']);
    this.#renew(subscription);
  }

  /** Makes the renewal that is due now fail, however many Stars the wallet has. */
  fail(id: string): void {
    const subscription = this.get(id);
    this.#needs(subscription, ['active']);
    this.#fail(subscription);
  }

  /**
   * editUserStarSubscription. Assumptions: `CHARGE_ID_INVALID` for anything but the first charge of a subscription of
   * this user to this bot, and no `subscription` update for the bot's own actions.
   */
  edit(botId: number, userId: number, firstChargeId: string, isCanceled: boolean): void {
    const subscription = this.of(userId).find(
      ({ seller, firstChargeId: id }) => id === firstChargeId && seller.type === 'bot' && seller.botId === botId,
    );
    if (subscription === undefined) throw badRequest('CHARGE_ID_INVALID');
    if (isCanceled) {
      subscription.canceledBy = 'bot';
      subscription.failed = false;
    } else if (subscription.canceledBy === 'bot') subscription.canceledBy = 'user';
    this.#tell(subscription);
  }

  clear(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.byId.clear();
  }

  #due(subscription: Subscription): void {
    const isWanted = this.sellerOf(subscription.seller).isWanted(subscription);
    if (!isWanted) subscription.canceledBy ??= 'user';
    if (this.state(subscription) === 'active') this.#renew(subscription);
    else {
      this.sellerOf(subscription.seller).ended(subscription, this.world.person(subscription.userId));
      this.#tell(subscription);
    }
  }

  #renew(subscription: Subscription): void {
    const person = this.world.person(subscription.userId);
    if (person.wallet.balance() < subscription.amount) return this.#fail(subscription);
    const { expiresAt, period, failed } = subscription;
    const now = this.world.clock.seconds();
    // After a long stop one payment is taken, not one for each missed period.
    const isLate = failed || now >= expiresAt + period;
    subscription.expiresAt = (isLate ? Math.max(now, expiresAt) : expiresAt) + period;
    subscription.failed = false;
    this.sellerOf(subscription.seller).renewed(subscription, person);
    this.keep(subscription);
    this.#tell(subscription);
  }

  #fail(subscription: Subscription): void {
    subscription.failed = true;
    this.#changed(subscription, 'failed');
    if (subscription.expiresAt <= this.world.clock.seconds()) this.#due(subscription);
  }

  #changed(subscription: Subscription, state: 'active' | 'canceled' | 'failed'): void {
    this.sellerOf(subscription.seller).changed(subscription, this.world.person(subscription.userId), state);
    this.#tell(subscription);
  }

  #needs(subscription: Subscription, states: readonly SubscriptionState[]): void {
    const state = this.state(subscription);
    if (states.includes(state)) return;
    throw new WorldError('wrong_state', `The subscription is ${state}, not ${states.join(' or ')}.`);
  }

  #tell({ userId }: Subscription): void {
    this.world.changes.tell({ type: 'subscriptions', userId });
  }
}
