import type { Habits, Speech } from './habits.js';

/** Plain words; each text tells the buyer what they can do next. */
const WORDS: Speech['words'] = {
  'product.title': '{title}',
  'product.description': '{description}',

  'shop.welcome': 'Welcome to {shop}! Press the button to see what is sold here. You pay with Telegram Stars.',
  'shop.heading': 'What would you like?',
  'shop.empty': 'Nothing is sold here at the moment. Please come back later.',
  'shop.closed': 'The shop is closed for the moment. What you have bought stays yours: /orders lists it.',
  'shop.month_used_up':
    'This shop has sold as much as it can this month. Please come back next month. What you have bought stays yours: /orders lists it.',
  'shop.gone': 'That product is no longer here. Send /shop to see what is sold now.',
  'shop.open': 'Open the shop',
  'shop.product': '{title} – {price}',
  'shop.sold_out': '{title} – sold out',
  'shop.all': 'Everything',
  'shop.back': '‹ Back',
  'shop.more': 'More ›',
  'card.text': '{title}\n\n{description}\n\nPrice: {price}',
  'card.promise': 'After paying, you get it right here in this chat.',
  'card.promise_balance': 'After paying, you find them on your balance: /balance.',
  'card.promise_chat': 'After paying, you get your own link into the chat.',
  'card.promise_later': 'After paying, you get it in this chat as soon as it is ready.',
  'card.promise_subscription': 'After paying, your subscription begins at once.',
  'post.promise': 'The button takes you to @{bot}, where you pay and get it.',
  'card.stock': 'Left: {count}',
  'card.until': 'On sale until {until}',
  'card.from':
    'It begins on {from}. To have enough Stars by then, buy them in Telegram under Settings, My Stars, or from @PremiumBot.',
  'card.buy': 'Buy for {price}',
  'inline.result': '{price} · {description}',
  button_stale: 'That button no longer works. Send /shop to see what is sold now.',
  privacy:
    'The seller who runs this bot keeps your Telegram name, your purchases and what you write here, to deliver what you buy and to help you. To have it erased, send /paysupport.',
  help_own: '{command} – {about}',
  help: '/shop – what is sold here\n/orders – what you have bought\n/subscriptions – what renews automatically\n/balance – your credits\n/promo – enter a promo code\n/paysupport – help with a payment\n/terms – the terms of sale\n/privacy – what we store about you',
  not_understood:
    'Send /shop to see what is sold here, /paysupport to write to the seller, or /help for everything else.',
  'stars.how': 'Not enough Stars?',
  'stars.help':
    'If you have too few Stars, press Pay anyway: Telegram says how many are missing and offers to buy them right there, and nothing is taken before you confirm. You can also buy Stars beforehand, in Telegram under Settings, My Stars, or from @PremiumBot. If your app cannot pay with Stars, use the Telegram app from telegram.org.',
  'terms.ask': 'Before you buy here, please read the terms above. By pressing the button you agree to them.',
  'terms.agree': 'I agree',
  'terms.agreed': 'Thank you, you have agreed to the terms. Send /shop to see what is sold here.',
  terms:
    'You buy digital goods from the seller who runs this bot and pay with Telegram Stars. You get what you buy through this bot. For questions and refunds send /paysupport. Telegram does not mediate between you and the seller.',

  'invoice.credits': 'Adds {credits}. They do not expire.',
  'invoice.credits_until': 'Adds {credits}. Valid for {valid}.',
  'invoice.promise': 'Made for you within {within} after the payment.',
  'invoice.promise_or_refund': 'Made for you within {within} after the payment, or your Stars come back.',
  'invoice.promo': 'With the code {code}: {price} instead of {list}.',

  'invoice.pay': 'Pay {price}',

  'invoice.unavailable':
    '“{title}” cannot be bought at the moment. You have not been charged; the seller has been told and can fix it.',
  'invoice.renews': 'Renews automatically every {period}. Cancel at any time.',

  'invoice.access': 'Access for good.',
  'invoice.access_days': 'Access for {valid} after the payment.',

  'checkout.unknown_order': 'This invoice is unknown. Please open the shop and buy again.',
  'checkout.other_buyer': 'This invoice was made for someone else. Please open the shop to get your own.',
  'checkout.already_paid': 'You have already paid this invoice. Send /orders to see what you bought.',
  'checkout.cancelled': 'This order was cancelled. Please open the shop and buy again.',
  'checkout.expired': 'This invoice has expired. Please open the shop and buy again.',
  'checkout.being_paid': 'A payment of this invoice is in progress. Please wait a few seconds and try again.',
  'checkout.price_changed':
    'The price has changed since this invoice was made. Please open the shop to see the new price.',
  'checkout.shop_closed': 'The shop is closed for the moment. You have not been charged.',
  'checkout.terms': 'Please agree to the terms first: open the bot, send /terms and press “I agree”. Then pay again.',
  'checkout.month_used_up':
    'This shop has sold as much as it can this month. You have not been charged; please come back next month.',
  'checkout.promo_ended': 'The promo code of this invoice is no longer valid. Please open the shop and buy again.',
  'checkout.limit_reached': 'You have already bought as many of these as one person can.',
  'checkout.already_subscribed': 'You have this subscription already. Send /subscriptions to see it.',
  'checkout.archived': 'This product is no longer sold.',
  'checkout.chat_unready':
    'Access to this chat cannot be sold at the moment. You have not been charged; please try again later.',
  'checkout.not_yet': 'The sale of this product has not begun yet.',
  'checkout.ended': 'The sale of this product has ended.',
  'checkout.sold_out': 'This product is sold out.',
  'checkout.unavailable': 'The payment could not be checked in time. You have not been charged; please try again.',

  'payment.unknown':
    'We received a payment that does not match any of your orders. The seller has been told; send /paysupport for help.',
  'payment.twice':
    'You had already paid for this, so the second payment is on its way back to you. You do not have to do anything.',
  'payment.too_late':
    'Your payment arrived after the last one had been sold. We are sorry: your Stars are on their way back to you. You do not have to do anything.',
  'payment.refunded': 'Your {stars} for “{title}” have been returned.',
  'payment.refunded_unknown': 'Your {stars} have been returned.',
  'payment.refund_delayed':
    'Telegram has not let this bot return your {stars} for “{title}” yet. We keep trying until it succeeds, and the seller has been told. There is nothing you need to do; for questions send /paysupport.',
  'payment.refund_delayed_unknown':
    'Telegram has not let this bot return your {stars} yet. We keep trying until it succeeds, and the seller has been told. There is nothing you need to do; for questions send /paysupport.',

  'receipt.heading': 'Receipt: {title}',
  'receipt.paid': 'Paid: {stars}, {paid_at}',
  'receipt.balance': 'Your balance: {credits}',
  'receipt.order': 'Order: {order}',
  'receipt.help': 'Questions about this purchase? Send /paysupport',
  'goods.open': 'Open',
  'goods.copy': 'Copy',
  'goods.credits': '{added} added.\nYour balance: {balance}. Send /balance to see it at any time.',
  'goods.credits_until':
    '{added} added. They are good until {until}.\nYour balance: {balance}. Send /balance to see it at any time.',
  'goods.credits_again':
    'With this you bought {bought}. Your balance now: {balance}. Send /balance to see it at any time.',
  'goods.generating': '“{title}” is being made for you. You will receive it here as soon as it is ready.',
  'goods.failed': 'We are sorry: “{title}” could not be made. Please send /paysupport, and the seller will help you.',
  'goods.undelivered':
    'We are sorry: “{title}” could not be delivered to you. The seller has been told. Send /orders and press the purchase to have it sent again, or send /paysupport for help.',
  'goods.failed_refunding':
    'We are sorry: “{title}” could not be made in time. Your Stars are on their way back to you. For questions send /paysupport.',
  'goods.again': 'It is on its way to you again.',
  'goods.later':
    'The seller cannot send anything at the moment. You will receive it here as soon as deliveries resume.',
  'media.caption': '{title}\n\n{description}',
  'media.unavailable': '“{title}” cannot be shown at the moment. You have not been charged; please try again later.',
  'goods.unmade': 'The seller has not finished this yet. If you have waited too long, send /paysupport.',

  'orders.heading': 'Your last purchases. Press one to receive it again.',
  'orders.empty': 'You have not bought anything here yet. Send /shop to look around.',
  'orders.line': '{date} · {title} · {price} · {state}\n{order}',
  'orders.state.none': 'paid',
  'orders.state.waiting': 'on its way',
  'orders.state.generating': 'being made for you',
  'orders.state.delivered': 'delivered',
  'orders.state.failed': 'delivery failed, please send /paysupport',
  'orders.state.unreachable': 'waiting for you',
  'orders.state.revoked': 'refunded',

  'promo.how': 'Send the code after the command, for example: /promo SPRING',
  'promo.unknown': 'This code is unknown. Please check the spelling.',
  'promo.too_many': 'There were too many wrong codes. Please try again in an hour, or send /paysupport.',
  'promo.ended': 'This code is no longer valid.',
  'promo.not_yet': 'This code is not valid yet. Please try it again later.',
  'promo.used_up': 'This code has been used as often as it can be.',
  'promo.used_by_buyer': 'You have used this code as often as one person can.',
  'promo.percent': 'The code {code} takes {percent}% off your purchases here. You see the lower price on the invoice.',
  'promo.stars': 'The code {code} takes {stars} off your purchases here. You see the lower price on the invoice.',
  'promo.except_subscriptions': 'Subscriptions keep their price.',
  'promo.percent_product': 'The code {code} takes {percent}% off “{title}”. You see the lower price on the invoice.',
  'promo.stars_product': 'The code {code} takes {stars} off “{title}”. You see the lower price on the invoice.',

  'balance.heading': 'Your credits:',
  'balance.empty': 'You have no credits. Send /shop to see what is sold here.',
  'balance.line': '{credits}',
  'balance.in_use': '{count} of them in use',
  'balance.until': '{count} until {until}',

  'use.how': 'To use it, send {command} in this chat.',
  'use.how_arguments':
    'To use it, send {command} in this chat, followed by what it should be about, in the same message.',
  'use.too_long': 'That is too long. Please write at most {max} characters after the command.',
  'use.too_few': 'This costs {price}, and you have {balance}.',
  'use.too_few_packs': 'Choose a pack, then send the command again.',
  'use.too_few_stars': 'You can also pay {stars} for this one time, with the invoice that follows.',
  'use.too_few_none': 'No pack is sold here at the moment. Please come back later.',
  'receipt.credits': '{title}: {spent} spent. Your balance: {balance}.',
  'goods.failed_credits':
    'We are sorry: “{title}” could not be made. Returned to your balance: {credits}. For questions send /paysupport.',
  'orders.line_credits': '{date} · {title} · {credits} · {state}\n{order}',
  'shop.product_credits': '{title} – for credits',
  'card.text_credits': '{title}\n\n{description}\n\nPrice: {credits}',
  'card.text_either': '{title}\n\n{description}\n\nPrice: {credits}, or {price}',
  'card.use': 'Use it for {credits}',
  'command.paid': '{title}',

  'card.text_plan': '{title}\n\n{description}\n\nPrice: {price} every {period}',
  'subscription.offer': '{title}\n\n{description}',
  'subscription.subscribe': '{price} every {period}',
  'subscription.begins':
    'Your subscription “{title}” has begun and is paid until {until}. Send /subscriptions to see or cancel it.',
  'subscription.goes_on': 'Your subscription “{title}” was renewed and is paid until {until}.',
  'subscription.runs': 'Your subscription “{title}” is paid until {until}. Send /subscriptions to see or cancel it.',
  'subscription.ended': 'Your subscription “{title}” ended on {until}. Send /shop to see what is sold now.',
  'subscription.failed':
    'Your subscription “{title}” could not be renewed. Please make sure that you have enough Stars, and renew it in Telegram: Settings, My Stars. You keep your access until {until}.',
  'subscription.ends_soon': 'Your subscription “{title}” ends on {until} and will not renew.',
  'subscription.farewell':
    'Your subscription “{title}” will not renew: this bot is closing, and no further payment will be taken. You keep your access until {until}.',
  'subscription.come_back': 'Your subscription “{title}” has ended. Would you like to come back?',
  'subscription.again': '{title} – {price} every {period}',
  'subscription.heading': 'Your subscriptions:',
  'subscription.none': 'You have no subscription here. Send /shop to look around.',
  'subscription.line': '{title} – {price} every {period}, paid until {until}',
  'subscription.line_canceled': '{title} – ends on {until}',
  'subscription.switch_on': 'To keep it, switch its renewal on again in Telegram: Settings, My Stars.',
  'subscription.cancel': 'Cancel {title}',
  'subscription.cancel_sure':
    'Do you want to cancel “{title}”? There will be no further payment, and you keep your access until {until}.',
  'subscription.cancel_yes': 'Yes, cancel it',
  'subscription.cancel_no': 'No, keep it',
  'subscription.kept': 'All right, “{title}” continues. It is paid until {until}.',
  'subscription.pay_now': 'Press the same button again to go to the payment.',
  'subscription.canceled': 'Done: “{title}” will not renew. You keep your access until {until}.',
  'subscription.resume': 'Renew {title} again',
  'subscription.resumed': 'You can switch the renewal of “{title}” on again in Telegram: Settings, My Stars.',
  'subscription.later': 'That is not possible right now. Please try again in a few minutes.',

  'access.open':
    'You can join “{chat}” now. Press the button: this link is yours alone. If you need it again, send /orders.',
  'access.open_until':
    'You can join “{chat}” now, until {until}. Press the button: this link is yours alone. If you need it again, send /orders.',
  'access.join': 'Join',
  'access.inside': 'You are in “{chat}” already, and you can stay for good.',
  'access.inside_until': 'You are in “{chat}” already, and you can stay until {until}.',
  'access.ends_soon': 'Your access to “{chat}” is paid until {until}.',
  'access.extend_how': 'If you extend it now, the new days are added to those that are left.',
  'access.extend': 'Extend for {price}',
  'access.over': 'Your access to “{chat}” has ended. You can come back at any time.',
  'access.again': 'Come back',
  'access.too_many_chats':
    'Telegram does not let you into “{chat}”: you are in as many groups and channels as it allows. Leave one of them, then send /orders and press this purchase. It will also be retried automatically.',
  'access.banned':
    'You cannot join “{chat}”, because one of its administrators has banned you. The seller has been told; please send /paysupport.',
  'access.for_buyers': 'That link into “{chat}” belongs to someone else. Press the button to see how to get your own.',

  'support.choose':
    'What is it about? Choose a purchase, then write what happened: the seller reads it and answers here.',
  'support.other': 'Something else',
  'support.topic': '{date} · {title}',
  'support.opened': 'Please write in your own words what happened. Everything you write here goes to the seller.',
  'support.passed_on':
    'Thank you, the seller has your message and will answer here. You can add to it, and send pictures and files. If it was not meant for the seller, press the button.',
  'support.reply': 'Reply',
  'support.done': 'Done',
  'support.go_on': 'Please write your reply. Everything you write here goes to the seller.',
  'support.finished':
    'All right. Your messages no longer go to the seller. Send /paysupport to write again, or /shop to see what is sold here.',
  'support.too_many':
    'You have sent a lot of messages within an hour. Please wait a little: the seller will read what you have written.',
  'support.only_text': 'Only text, pictures and files reach the seller. Please describe it in words.',
  'support.answer': 'Answer from the seller:\n\n{answer}',
  'support.answer_about': 'Answer from the seller about “{title}”:\n\n{answer}',

  'command.shop': 'See what is for sale',
  'command.orders': 'My orders and receipts',
  'command.subscriptions': 'My subscriptions',
  'command.promo': 'Enter a promo code',
  'command.balance': 'My credits',
  'command.paysupport': 'Help with a payment',
  'command.terms': 'Terms of sale',
  'command.privacy': 'What we store about you',
  'command.help': 'How this bot works',
  'command.start': 'Start',
  'profile.description':
    'Welcome to {shop}! Choose what you like and pay with Telegram Stars.\n\nPress Start to see what is sold.',
  'profile.about': '{shop}: choose, pay with Telegram Stars, and get it from this bot.',
};

// The day before the month, and 24 hours: unambiguous everywhere, because the month is a word.
const HABITS: Habits = {
  locale: 'en-GB',
  stars: { one: 'Star', other: 'Stars' },
  units: {
    day: { one: 'day', other: 'days' },
    hour: { one: 'hour', other: 'hours' },
    minute: { one: 'minute', other: 'minutes' },
    second: { one: 'second', other: 'seconds' },
  },
};

export const ENGLISH: Speech = { habits: HABITS, words: WORDS };
