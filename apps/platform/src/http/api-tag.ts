export type Refusals = readonly (readonly [status: number, code: string])[];

export interface ApiTag {
  readonly description: string;
  /** What the routes of this tag refuse beyond what every route may. Writes only, unless `reads` says otherwise. */
  readonly writes?: Refusals;
  readonly reads?: Refusals;
}

export const TELEGRAM: Refusals = [
  [409, 'telegram_refused'],
  [503, 'telegram_unavailable'],
];

export const BUSINESS: Refusals = [
  [409, 'business_right_missing'],
  [409, 'business_connection_disabled'],
];
/** What moves Stars by request. */
export const SPENDING: Refusals = [
  [403, 'workspace_restricted'],
  [409, 'bot_state'],
  [409, 'confirmation_required'],
  [409, 'ceiling_exceeded'],
  [409, 'gift_unusable'],
  [409, 'spending_under_way'],
  [503, 'telegram_outcome_unknown'],
  ...TELEGRAM,
];
