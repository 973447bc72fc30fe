import { SECOND } from '#libs/kernel';
import type { Cancel } from './clock.js';
import { badRequest, WorldError } from './errors.js';
import type { Ground } from './ground.js';
import type { Person } from './person.js';

/** Who gets the Stars: the bot behind an invoice link, or the channel behind a paid invite link. */
export type SellerRef =
  | { readonly type: 'bot'; readonly botId: number; readonly offerId: string }
  | { readonly type: 'channel'; readonly chatId: number; readonly inviteLink: string };

/** Stars that a person pays again and again. */
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
  /** Who switched renewal off. What the bot switched off the person cannot switch on. */
  canceledBy?: 'user' | 'bot';
  /** The last renewal found too few Stars. */
  failed: boolean;
}

export type SubscriptionState = 'active' | 'canceled' | 'failed' | 'ended';

/** What the seller does about it. */
export interface Seller {
  /** Whether there is still something to pay for. */
  isWanted(subscription: Subscription): boolean;
  /** Takes the price for one more period, which ends at `subscription.expiresAt`. The Stars are there. */
  renewed(subscription: Subscription, person: Person): void;
  /** Renewal was switched off or on by the person, or failed. */
  changed(subscription: Subscription, person: Person, state: 'active' | 'canceled' | 'failed'): void;
  /** The paid time is over and nothing follows. */
  ended(subscription: Subscription, person: Person): void;
}

/**
 * Subscriptions renew by themselves when their paid time is over. Assumed, since no capture is public: a renewal asks nobody
 * (no pre-checkout), has a charge id of its own, is tried once, and after a failure begins a new period when the person renews it.
 */
export class Subscriptions {
  readonly byId = new Map<string, Subscription>();
  readonly #timers = new Map<string, Cancel>();

  constructor(
    private readonly world: Ground,
    private readonly sellerOf: (seller: SellerRef) => Seller,
  ) {}

  /** After the first payment. */
  begin(terms: Omit<Subscription, 'id' | 'failed'>): Subscription {
    const subscription: Subscription = { ...terms, id: this.world.random.text(16), failed: false };
    this.keep(subscription);
    this.#tell(subscription);
    return subscription;
  }

  /** Puts a subscription where its renewal is waited for. */
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

  /** The person's subscription to exactly this, while its paid time runs. */
  running(userId: number, seller: SellerRef): Subscription | undefined {
    const same = JSON.stringify(seller);
    const now = this.world.clock.seconds();
    return this.of(userId).find((each) => JSON.stringify(each.seller) === same && each.expiresAt > now);
  }

  /** The person switches renewal off; what is paid stays. */
  cancel(id: string): void {
    const subscription = this.get(id);
    this.#needs(subscription, ['active', 'failed']);
    subscription.canceledBy = 'user';
    subscription.failed = false;
    this.#changed(subscription, 'canceled');
  }

  /** The person switches renewal on again, before the paid time is over. */
  resume(id: string): void {
    const subscription = this.get(id);
    this.#needs(subscription, ['canceled']);
    if (subscription.canceledBy === 'bot') {
      throw new WorldError(
        'canceled_by_bot',
        'The bot has canceled this subscription; only the bot can allow it again.',
      );
    }
    delete subscription.canceledBy;
    this.#changed(subscription, 'active');
  }

  /** The next renewal is now: because the test says so, or because the person has Stars again after one has failed. */
  renew(id: string): void {
    const subscription = this.get(id);
    this.#needs(subscription, ['active', 'failed']);
    this.#renew(subscription);
  }

  /** The next renewal is now, and it fails, however many Stars there are. */
  fail(id: string): void {
    const subscription = this.get(id);
    this.#needs(subscription, ['active']);
    this.#fail(subscription);
  }

  /**
   * editUserStarSubscription. Assumed: `CHARGE_ID_INVALID` for anything but the first charge of a subscription of this user to
   * this bot, and no `subscription` update for what the bot did itself.
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
    // A world that was stopped for long takes one payment, not one for each period it slept through.
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
