import type { ApiTag, Refusals } from './api-tag.js';
import { STAFF_API_TAGS } from './staff-api-tags.js';

const TELEGRAM: Refusals = [
  [409, 'telegram_refused'],
  [503, 'telegram_unavailable'],
];

const BUSINESS: Refusals = [
  [409, 'business_right_missing'],
  [409, 'business_connection_disabled'],
];
/** What moves Stars by request. */
const SPENDING: Refusals = [
  [403, 'workspace_restricted'],
  [409, 'bot_state'],
  [409, 'confirmation_required'],
  [409, 'ceiling_exceeded'],
  [409, 'gift_unusable'],
  [409, 'spending_under_way'],
  [503, 'telegram_outcome_unknown'],
  ...TELEGRAM,
];

/** Every tag of the API, in the order in which the documentation shows them. test/journeys/openapi.e2e-spec.ts misses those that are not here. */
export const API_TAGS: Readonly<Record<string, ApiTag>> = {
  Account: {
    description: 'Signing up, sessions, and who you are.',
    writes: [
      [400, 'invalid_request'],
      [401, 'wrong_credentials'],
      [401, 'refresh_token_invalid'],
      [403, 'wrong_password'],
      [403, 'no_workspace'],
      [403, 'second_factor_required'],
      [403, 'wrong_second_factor'],
      [404, 'not_found'],
      [409, 'email_taken'],
      [409, 'refresh_in_progress'],
      [409, 'second_factor_active'],
      [409, 'second_factor_not_begun'],
      [429, 'too_many_attempts'],
      [429, 'codes_locked'],
      [503, 'too_busy'],
    ],
  },
  'API keys': {
    description: 'Credentials for your servers. A key is shown once.',
    writes: [
      [400, 'key_expiry_invalid'],
      [403, 'scope_not_yours'],
      [409, 'quota_exhausted'],
    ],
  },
  Members: {
    description: 'Who works in this workspace, in which role, and who is invited.',
    writes: [
      [401, 'wrong_credentials'],
      [403, 'role_not_yours'],
      [403, 'second_factor_required'],
      [403, 'wrong_second_factor'],
      [404, 'invitation_invalid'],
      [409, 'last_owner'],
      [409, 'already_member'],
      [409, 'quota_exhausted'],
      [409, 'email_taken'],
      [429, 'too_many_attempts'],
      [429, 'codes_locked'],
      [503, 'too_busy'],
    ],
  },
  Bots: {
    description: 'Your Telegram bots, and how they stand with Telegram.',
    writes: [
      [400, 'token_malformed'],
      [400, 'token_refused'],
      [403, 'workspace_restricted'],
      [409, 'token_of_another_bot'],
      [409, 'bot_taken'],
      [409, 'bot_already_registered'],
      [409, 'registration_in_progress'],
      [409, 'rotation_in_progress'],
      [409, 'foreign_webhook'],
      [409, 'bot_state'],
      [409, 'quota_exhausted'],
      ...TELEGRAM,
    ],
    reads: [[409, 'bot_state'], [400, 'token_refused'], ...TELEGRAM],
  },
  Texts: {
    description: 'What your bots say to buyers, in English and Russian, in the usual words or in yours.',
    writes: [
      [400, 'invalid_text'],
      [403, 'workspace_restricted'],
      [409, 'bot_state'],
      [409, 'too_many_texts'],
    ],
  },
  Files: {
    description: 'Files that buyers receive.',
    writes: [
      [400, 'file_empty'],
      [403, 'workspace_restricted'],
      [400, 'invalid_upload'],
      [409, 'quota_exhausted'],
      [413, 'file_too_large'],
      [503, 'storage_unavailable'],
    ],
    reads: [[503, 'storage_unavailable']],
  },
  Products: {
    description: 'What you sell, at which price, and what the buyer receives.',
    reads: [[409, 'no_licence_keys']],
    writes: [
      [400, 'invalid_product'],
      [400, 'unsafe_address'],
      [403, 'workspace_restricted'],
      [409, 'bot_state'],
      [409, 'chat_not_ready'],
      [409, 'no_fulfilment_secret'],
      [409, 'not_for_everybody'],
      [409, 'product_not_active'],
      [409, 'quota_exhausted'],
      [400, 'invalid_keys'],
      [400, 'invalid_upload'],
      [409, 'no_licence_keys'],
      [409, 'licence_key_in_use'],
      [503, 'telegram_outcome_unknown'],
      ...TELEGRAM,
    ],
  },
  'Product posts': {
    description: 'What your bots post about products in channels and groups.',
    writes: [
      [409, 'bot_state'],
      [409, 'product_not_active'],
      [409, 'not_for_everybody'],
      [409, 'no_paid_media'],
      [409, 'not_a_channel'],
      [409, 'bot_not_in_chat'],
      [409, 'bot_may_not_post'],
      [403, 'workspace_restricted'],
      [503, 'telegram_outcome_unknown'],
      ...TELEGRAM,
    ],
  },
  Chats: {
    description: 'Groups and channels that your bots administrate, and who may be in them.',
    writes: [
      [403, 'workspace_restricted'],
      [409, 'bot_state'],
      [409, 'not_a_channel'],
      [409, 'chat_is_public'],
      ...TELEGRAM,
    ],
  },
  'Promo codes': {
    description: 'What makes your products cheaper, for whom it is, how often and how long.',
    writes: [
      [400, 'invalid_promo_code'],
      [409, 'promo_code_taken'],
    ],
  },
  Orders: {
    description: 'Every purchase: money, goods, refunds and its whole history.',
    writes: [
      [400, 'invalid_goods'],
      [400, 'unsafe_address'],
      [403, 'workspace_restricted'],
      [409, 'order_state_conflict'],
      [409, 'order_not_paid'],
      [409, 'goods_not_expected'],
      [409, 'already_delivered'],
      [409, 'already_refunded'],
      [409, 'nothing_to_refund'],
      [409, 'paid_with_credits'],
      [409, 'buyer_erased'],
      [409, 'charge_not_listed_yet'],
    ],
  },
  Charges: {
    description: 'Every payment that Telegram reported, also those that no order asked for.',
    writes: [
      [403, 'workspace_restricted'],
      [409, 'already_refunded'],
      [409, 'nothing_to_refund'],
      [409, 'buyer_erased'],
    ],
  },
  Refunds: { description: 'Every refund, whoever asked for it, and how it stands.' },
  Subscriptions: {
    description: 'What buyers pay for again and again.',
    writes: [
      [409, 'subscription_ended'],
      [409, 'subscription_unconfirmed'],
    ],
  },
  Buyers: { description: 'What is known about a person who talks to your bots.', writes: [[409, 'buyer_busy']] },
  Usage: { description: 'What your plan allows, and how much of it is used.' },
  Workspace: {
    description: 'Taking everything out, and leaving.',
    writes: [
      [404, 'not_found'],
      [409, 'name_differs'],
      [409, 'workspace_closed'],
    ],
    reads: [[404, 'not_found']],
  },
  Metrics: { description: 'How sales go.', reads: [[400, 'invalid_period']] },
  Credits: {
    description: "Buyers' credits: balances, grants, debits and reservations.",
    writes: [
      [400, 'invalid_credit_amount'],
      [400, 'credits_already_expired'],
      [409, 'insufficient_credits'],
      [409, 'too_many_credits'],
      [409, 'commit_exceeds_reservation'],
      [409, 'reservation_committed'],
      [409, 'reservation_released'],
      [409, 'reservation_expired'],
      [409, 'reservation_of_order'],
    ],
  },
  Events: {
    description: 'What happened, for 90 days, to be read or sent again.',
    writes: [
      [409, 'endpoint_disabled'],
      [409, 'test_mode_only'],
    ],
  },
  'Webhook endpoints': {
    description: 'Your servers that are told what happens, as Standard Webhooks, and the log of what they answered.',
    writes: [
      [400, 'unsafe_address'],
      [403, 'workspace_restricted'],
      [409, 'quota_exhausted'],
      [409, 'endpoint_disabled'],
      [409, 'alert_chat_unknown'],
    ],
    reads: [[404, 'not_found']],
  },
  Support: { description: 'What buyers ask, and your answers.', writes: [[409, 'thread_closed']] },
  Statements: { description: 'What a bot took and gave back in a period.', reads: [[400, 'invalid_period']] },
  Gifts: {
    description:
      "Gifts and months of Premium out of a bot's balance, and the record of everything that was spent by request.",
    writes: SPENDING,
    reads: [[409, 'bot_state'], ...TELEGRAM],
  },
  'Business accounts': {
    description: 'Accounts that have connected a bot: their Stars and gifts.',
    writes: [...SPENDING, ...BUSINESS],
    reads: [[409, 'bot_state'], ...BUSINESS, ...TELEGRAM],
  },
  Reconciliations: {
    description: "Your books compared with Telegram's.",
    writes: [[409, 'bot_not_readable']],
  },
  'Audit log': { description: 'Who did what in this workspace.' },
  ...STAFF_API_TAGS,
  Health: { description: 'For load balancers and monitors.', reads: [[503, 'not_ready']] },
};
