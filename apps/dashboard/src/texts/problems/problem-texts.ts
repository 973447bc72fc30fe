/** The texts about errors, by the API's code: each says first the cause, then the remedy. */
export type ProblemTexts = Readonly<Record<string, readonly [detail: string, remedy: string]>>;

/** Codes whose own message names a reason that no text of ours can know: it is quoted below the text. */
export const QUOTED: ReadonlySet<string> = new Set([
  'bot_state',
  'business_right_missing',
  'buyer_busy',
  'ceiling_exceeded',
  'confirmation_required',
  'gift_unusable',
  'invalid_bot_list',
  'missing_permission',
  'missing_scope',
  'order_state_conflict',
  'quota_exhausted',
  'scope_not_yours',
  'telegram_refused',
  'tenant_state_conflict',
  'unsafe_address',
  'workspace_restricted',
]);
