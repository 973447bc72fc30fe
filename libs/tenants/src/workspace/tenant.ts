import { DomainError, type Moves } from '#libs/kernel';

/** Suspension comes in degrees. Only staff move a tenant. */
export const TENANT_STATES = ['active', 'warned', 'no_new_sales', 'outbound_stopped', 'locked', 'closed'] as const;
export type TenantState = (typeof TENANT_STATES)[number];

/** Staff restrict by any degree and lift at once. A workspace that is closed is not theirs to move. */
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
 * - `sell`: place orders and let buyers pay
 * - `deliver`: hand over what was paid for
 * - `message`: send what no buyer asked for
 * - `webhooks`: call the creator's own server
 * - `configure`: change bots, products and endpoints
 * - `refund`, `support`, `export`: give money back, answer buyers, take one's data out
 */
export type Capability = (typeof CAPABILITIES)[number];

/** Whatever a creator did, a buyer gets money back and an answer, and the creator gets the data. No state may close these. */
type AlwaysOpen = 'refund' | 'support' | 'export';

const allBut = (...closed: ReadonlyArray<Exclude<Capability, AlwaysOpen>>) =>
  Object.fromEntries(CAPABILITIES.map((it) => [it, !closed.some((one) => one === it)])) as Readonly<
    Record<Capability, boolean>
  >;

/** What a tenant may do in each state: `CAN.locked.refund`. A payment that Telegram confirmed is recorded in every state. */
export const CAN: Readonly<Record<TenantState, Readonly<Record<Capability, boolean>>>> = {
  active: allBut(),
  warned: allBut(),
  // Goods that are paid for are still owed.
  no_new_sales: allBut('sell'),
  // What leaves may itself be the harm, so paid goods wait here too; the buyer can have the money back.
  outbound_stopped: allBut('sell', 'deliver', 'message', 'webhooks'),
  locked: allBut('sell', 'deliver', 'message', 'webhooks', 'configure'),
  closed: allBut('sell', 'deliver', 'message', 'webhooks', 'configure'),
};

/** What a workspace may not do in a state. */
export const closedIn = (state: TenantState): Capability[] => CAPABILITIES.filter((it) => !CAN[state][it]);

export class TenantStateConflict extends DomainError {
  static readonly code = 'tenant_state_conflict';
  static readonly refusal = 'conflict';
  readonly remedy = 'Read how the workspace stands now: somebody may have moved it meanwhile.';

  constructor(from: TenantState, to: TenantState) {
    super(from === to ? `The workspace is ${to} already.` : `A workspace that is ${from} does not become ${to}.`);
  }
}

export class TenantRestricted extends DomainError {
  static readonly code = 'workspace_restricted';
  static readonly refusal = 'forbidden';
  readonly remedy = 'Write to support to have it lifted. Refunds, answers to buyers and export stay open meanwhile.';

  constructor(readonly capability: Capability) {
    super(`This workspace is restricted and may not do that now (${capability}).`);
  }
}
