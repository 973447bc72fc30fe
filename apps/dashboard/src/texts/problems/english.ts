import type { ProblemTexts } from './problem-texts';

/** Only errors whose own remedy speaks to programs. The others say in English what the API says. */
export const ENGLISH_PROBLEMS: ProblemTexts = {
  already_delivered: [
    'This order has already been delivered.',
    'There is nothing left to do. The bot can send the goods again.',
  ],
  body_too_large: ['The request is too large.', 'Shorten the texts. Files can have up to 50 MB.'],
  bot_already_registered: [
    'This workspace already has this bot.',
    'To change its token, open the settings of the bot.',
  ],
  bot_not_readable: [
    'Telegram can only be asked about a bot with a working token.',
    'Give the bot a working token first, in its settings.',
  ],
  bot_owes: [
    "Telegram refuses this bot's token, so its obligations cannot be ended.",
    'Give it a working token, then remove it again. You can also remove it as it is, but buyers may continue to be charged.',
  ],
  business_right_missing: [
    'The account does not give the bot the right for this. Nothing was done.',
    'The owner of the account grants rights in Telegram, in the settings of the account, under Business, Chatbots.',
  ],
  charge_not_held: [
    'This charge is not waiting for a decision.',
    'Reload the page: it has paid an order, or its Stars are being returned.',
  ],
  charge_not_listed_yet: [
    "The buyer has unlocked this, but the charge is not on Telegram's list yet.",
    'Try again in a minute, or compare with Telegram on the page Money.',
  ],
  chat_not_ready: [
    'Access to the chat that this product opens cannot be sold.',
    'The chat must be private, and the bot an administrator there that may invite and ban users. Until then, the product can be saved as a draft.',
  ],
  codes_locked: [
    'Codes are temporarily disabled: there were too many wrong ones in a row.',
    'Use a recovery code, or wait. If the wrong codes were not yours, someone knows your password: change it.',
  ],
  confirmation_required: [
    'This cannot be undone, so it needs a confirmation. Nothing was done.',
    'Confirm it if this is what you want.',
  ],
  database_busy: ['The service is overloaded at this moment.', 'Try again in a few seconds.'],
  database_full: [
    'The disk of the database is full. Nothing was saved.',
    'Only the operator of this installation can help.',
  ],
  database_unavailable: ['The service is not available at this moment.', 'Try again in a few seconds.'],
  endpoint_disabled: ['The endpoint is disabled, so nothing is sent to it.', 'Enable it first.'],
  foreign_page: [
    'This request did not come from this page.',
    'Open the dashboard at its usual address, and try again.',
  ],
  foreign_webhook: [
    'This bot is connected to another tool.',
    'Confirm that you want to move it here. The other tool will receive no more updates from it.',
  ],
  gift_unusable: ['This gift cannot be used for that. Nothing was done.', 'Look at it in the list of gifts.'],
  goods_not_expected: [
    'The product of this order has goods of its own.',
    'Send the goods again, or mark the order as delivered.',
  ],
  idempotency_key_invalid: ['The request is not valid.', 'Reload the page, and try again.'],
  idempotency_key_required: ['The request is not valid.', 'Reload the page, and try again.'],
  idempotency_mismatch: ['Such a request was already sent with other values.', 'Reload the page, and try again.'],
  internal_error: [
    'Something went wrong on our side. Nothing was left half-done.',
    'Try again. If it happens again, send us the number of the request.',
  ],
  invalid_bot_list: [
    'This list of bots cannot be read.',
    'One token on each line; in a CSV file, the token comes first. At most 5,000 tokens and 1 MB.',
  ],
  invalid_goods: [
    'These goods cannot be delivered.',
    'Exactly one is needed: a text of up to 4,096 characters, a link, a key of up to 256 characters, or a file.',
  ],
  invalid_keys: [
    'The list of keys has errors. Nothing was stored.',
    'Correct the marked lines: one key on each line, up to 256 characters, at most 10,000 keys.',
  ],
  invalid_period: ['This period is not possible.', 'It must end after it begins, and last at most a year.'],
  invalid_product: ['The product has errors.', 'Correct the marked fields. Most limits are those of Telegram.'],
  invalid_promo_code: ['The promo code has errors.', 'Correct the marked fields.'],
  invalid_request: ['The request has errors.', 'Correct the marked fields.'],
  invalid_text: ['The text is not valid.', 'Correct what is marked.'],
  invalid_upload: ['The request contains no file.', 'Choose a file, and try again.'],
  mail_unavailable: ['This installation cannot send email.', 'Ask its operator: no mail server is set up.'],
  malformed_body: ['The request could not be read.', 'Reload the page, and try again.'],
  malformed_path: ['There is no such address.', 'Check the link.'],
  missing_permission: ['Your role may not do that.', 'Ask an admin of the platform for another role.'],
  missing_scope: ['Your role may not do that.', 'Ask an owner or admin of the workspace.'],
  name_differs: [
    'This is not the name of the workspace, so it is not closed.',
    'Enter the name exactly as it is written.',
  ],
  no_fulfilment_secret: ['This product has no secret for a server.', 'Only products that your server makes have one.'],
  no_licence_keys: ['This product does not sell licence keys.', 'Choose a product with keys.'],
  no_paid_media: ['This product has no paid media to post.', 'Choose a product with paid photos or videos.'],
  no_product_named: [
    'It is not known which product this charge is for.',
    'Choose the product that the buyer paid for.',
  ],
  no_simulator: [
    'This is the real Telegram: a bot cannot be made by a click.',
    'Create one with @BotFather, and paste its token.',
  ],
  no_such_route: ['There is nothing at this address.', 'Reload the page: the dashboard may have been updated.'],
  not_a_channel: [
    'This is possible in channels only.',
    'Choose a channel. Access to a group is sold by a product of its own kind, or by a subscription.',
  ],
  not_for_everybody: [
    'There is no invoice for this product that anyone can pay: each buyer gets one in the chat, or pays with credits.',
    'Give buyers the link of the product: the bot creates an invoice for each of them.',
  ],
  paid_with_credits: [
    'This order was paid with credits, so there are no Stars to refund.',
    'Give the buyer credits. Those of a failed order are returned automatically.',
  ],
  product_cannot_be_given: [
    'A product of this kind cannot be delivered for money that was paid elsewhere.',
    'Refund the charge, and let the buyer buy the product.',
  ],
  product_not_active: ['This product is not on sale, so it cannot be paid.', 'Put it on sale first.'],
  promo_code_taken: ['This bot already has such a code.', 'Choose another code, or reactivate the existing one.'],
  quota_exhausted: [
    'The plan is used up.',
    'Remove what you no longer need, or ask support for a larger plan. The page of the plan shows every limit.',
  ],
  rate_limited: ['Too many requests within a minute.', 'Wait a minute, then continue.'],
  refresh_in_progress: [
    'Another tab is just renewing the session.',
    'Try again. If that does not help, sign in again.',
  ],
  refresh_token_invalid: ['The session has ended.', 'Sign in again.'],
  request_in_progress: ['This request is already in progress.', 'Wait a moment: its result appears on the page.'],
  scope_not_yours: ['You cannot give these rights to a key.', 'Choose rights that your own role has.'],
  second_factor_not_begun: [
    'No second factor is being set up.',
    'Begin again, and confirm with a code of the authenticator.',
  ],
  second_factor_required: [
    'The password is right, but this account has a second factor.',
    'Enter the six digits of your authenticator, or a recovery code.',
  ],
  spending_under_way: ['This spending is already in progress.', 'Wait a moment: its outcome appears in the list.'],
  subscription_unconfirmed: [
    'Telegram has not reported the first payment of this subscription yet.',
    'Wait for the comparison with Telegram, or start one on the page Money. Then try again.',
  ],
  telegram_outcome_unknown: [
    'Telegram did not respond, so it is unknown whether this was done.',
    'Check in Telegram what has happened before you try again. It is not repeated automatically.',
  ],
  telegram_refused: ['Telegram refused. Nothing was changed.', 'If its message does not help, contact support.'],
  test_mode_only: ['Sample events of this type are not sent where Stars are real.', 'Send an “endpoint.test” instead.'],
  token_of_another_bot: [
    'This token belongs to another bot.',
    'Paste the new token of this bot. Add the other bot separately.',
  ],
  token_of_other_environment: [
    "This token belongs to a bot in Telegram's other environment.",
    'Choose the other environment, or paste the token that BotFather gave you there.',
  ],
  too_many_attempts: ['Too many attempts in a short time.', 'Wait a little, then try again.'],
  too_many_codes: ['You have already been given several codes.', 'Use the latest code, or wait.'],
  too_many_mails: [
    'Several of these emails have already been sent.',
    'Check the mailbox, including the spam folder, or wait.',
  ],
  unauthenticated: ['The session has ended.', 'Sign in again.'],
  unsafe_address: [
    'This address cannot be used.',
    'It must begin with https://, on port 443 or 8443, on a public host, without user name or password.',
  ],
  unsupported_media_type: ['The request could not be read.', 'Reload the page, and try again.'],
};
