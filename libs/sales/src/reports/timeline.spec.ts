import { newUuid, publicId } from '#libs/kernel';
import { type StoredEntry, timelineEntry } from './timeline.js';

const at = new Date('2026-03-01T10:20:30.123Z');
const summaryOf = (kind: StoredEntry['kind'], facts: StoredEntry['facts']) =>
  timelineEntry({ at, kind, facts }).summary;

describe('a line of the timeline', () => {
  it('shows public ids, and other facts unchanged', () => {
    const [chargeId, account] = [newUuid(), newUuid()];
    expect(timelineEntry({ at, kind: 'charge', facts: { charge_id: chargeId, stars: 50, match: 'order' } })).toEqual({
      at: at.toISOString(),
      kind: 'charge',
      summary: 'Telegram took 50 Stars from the buyer; it pays the order.',
      facts: { charge_id: publicId('charge', chargeId), stars: 50, match: 'order' },
    });
    const byHand = timelineEntry({
      at,
      kind: 'manual_delivery',
      facts: { by: account, reason: 'x', mode: 'send_again' },
    });
    expect(byHand.facts['by']).toBe(publicId('account', account));
  });

  it.each<[StoredEntry['kind'], StoredEntry['facts'], string]>([
    [
      'update',
      { update_kind: 'successful_payment', state: 'done', attempts: 1 },
      'Telegram sent an update (successful payment), handled.',
    ],
    [
      'update',
      { update_kind: 'message', state: 'parked', attempts: 8 },
      'Telegram sent an update (message), set aside after 8 attempts.',
    ],
    [
      'update',
      { update_kind: 'message', state: 'waiting', attempts: 0 },
      'Telegram sent an update (message), not handled yet.',
    ],
    ['event', { type: 'order.paid' }, 'The order was paid.'],
    ['event', { type: 'something.new' }, 'The event something.new happened.'],
    ['refund', { state: 'refunded', reason: 'as asked' }, 'A refund was started; its state is refunded: as asked.'],
    ['refund', { state: 'unknown', reason: null }, 'A refund was started; its state is unknown.'],
    [
      'stray_payment',
      { reported: 'successful_payment', reason: 'payer' },
      'Telegram reported a payment that could not be recorded: The payer is missing. If the payment was made, reconciliation with Telegram’s list will record it.',
    ],
    ['handover_attempt', { outcome: 'delivered', error: null }, 'The bot delivered the goods.'],
    [
      'handover_attempt',
      { outcome: 'retry', error: 'sendMessage: 500' },
      'The bot tried to deliver the goods and will try again: sendMessage: 500.',
    ],
    ['webhook_attempt', { ok: true, status: 200, number: 1 }, 'Attempt 1 reached your endpoint, which answered 200.'],
    [
      'webhook_attempt',
      { ok: false, status: 500, number: 2, error: null },
      'Attempt 2 at your endpoint failed: it answered 500.',
    ],
    [
      'webhook_delivery',
      { type: 'order.paid', state: 'pending', attempts: 1 },
      'Webhook order.paid to your endpoint: pending, 1 attempt so far.',
    ],
    [
      'support_message',
      { direction: 'creator', delivery_state: 'unreachable' },
      'Support answered the buyer; state of the answer: unreachable.',
    ],
    [
      'manual_delivery',
      { mode: 'mark_delivered', reason: 'sent by email.' },
      'The goods were marked as delivered manually: sent by email.',
    ],
    ['state', { state: 'paid' }, 'The order was paid.'],
  ])('(%s %j) has a readable summary', (kind, facts, sentence) => {
    expect(summaryOf(kind, facts)).toBe(sentence);
  });
});
