import { DomainError, type Moves } from '#libs/kernel';

/** Degrees of restriction. Only staff change them. */
export const TENANT_STATES = ['active', 'warned', 'no_new_sales', 'outbound_stopped', 'locked', 'closed'] as const;
export type TenantState = (typeof TENANT_STATES)[number];

/** Staff can set any degree and lift it at once. They cannot change a closed workspace. */
export const TENANT_MOVES: Moves<TenantState> = {
  active: ['warned', 'no_new_sales', 'outbound_stopped', 'locked'],
  warned: ['active', 'no_new_sales', 'outbound_stopped', 'locked'],
  no_new_sales: ['active', 'warned', 'outbound_stopped', 'locked'],
  outbound_stopped: ['active', 'warned', 'no_new_sales', 'locked'],
  locked: ['active', 'warned', 'no_new_sales', 'outbound_stopped'],
  closed: [],
};

export const CAPABILITIES = [
  'sell',
  'deliver',
  'message',
  'webhooks',
  'configure',
  'refund',
  'support',
  'export',
] as const;

/**
 * - `sell`: place orders and accept payments
 * - `deliver`: deliver paid goods
 * - `message`: send messages that no buyer asked for
 * - `webhooks`: call the creator's own server
 * - `configure`: change bots, products and endpoints
 * - `refund`, `support`, `export`: refund, answer buyers, export the workspace's data
 */
export type Capability = (typeof CAPABILITIES)[number];

/**
 * Whatever a creator has done, buyers get refunds and answers, and the creator gets the data. No state may close these.
 */
type AlwaysOpen = 'refund' | 'support' | 'export';

const allBut = (...closed: ReadonlyArray<Exclude<Capability, AlwaysOpen>>) =>
  Object.fromEntries(CAPABILITIES.map((it) => [it, !closed.some((one) => one === it)])) as Readonly<
    Record<Capability, boolean>
  >;

/**
 * A tenant's capabilities in each state: `CAN.locked.refund`. A payment that Telegram confirmed is recorded in every
 * state.
 */
export const CAN: Readonly<Record<TenantState, Readonly<Record<Capability, boolean>>>> = {
  active: allBut(),
  warned: allBut(),
  // Paid goods are still owed.
  no_new_sales: allBut('sell'),
  // The messages themselves may do harm, so paid goods wait here too; the buyer can get a refund.
  outbound_stopped: allBut('sell', 'deliver', 'message', 'webhooks'),
  locked: allBut('sell', 'deliver', 'message', 'webhooks', 'configure'),
  closed: allBut('sell', 'deliver', 'message', 'webhooks', 'configure'),
};

/** The capabilities that a workspace lacks in a state. */
export const closedIn = (state: TenantState): Capability[] => CAPABILITIES.filter((it) => !CAN[state][it]);

export class TenantStateConflict extends DomainError {
  static readonly code = 'tenant_state_conflict';
  static readonly refusal = 'conflict';
  readonly remedy = "Read the workspace's state: it may have been changed meanwhile.";

  constructor(from: TenantState, to: TenantState) {
    super(from === to ? `The workspace is already ${to}.` : `A workspace cannot change from ${from} to ${to}.`);
  }
}

export class TenantRestricted extends DomainError {
  static readonly code = 'workspace_restricted';
  static readonly refusal = 'forbidden';
  readonly remedy =
    'Ask support to lift the restriction. Refunds, replies to buyers and export stay possible meanwhile.';

  constructor(readonly capability: Capability) {
    super(`This workspace is restricted and may not do that now (${capability}).`);
  }
}
