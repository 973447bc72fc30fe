import { HOUR } from '#libs/kernel';
import { mailAlertsOf, mailAlertText, mailKindOf, stepOf } from './mail-alert.js';

const NOW = new Date('2026-12-01T10:00:00Z');
const before = (ms: number) => new Date(NOW.getTime() - ms);

describe('email alerts by default', () => {
  it.each(['owner', 'admin'] as const)('report only failures and warnings to an %s', (role) => {
    expect(mailAlertsOf(role, undefined)).toEqual({ sales: false, failures: true, support: false, warnings: true });
  });

  it.each(['support', 'viewer'] as const)('report nothing to a member with the role %s', (role) => {
    expect(Object.values(mailAlertsOf(role, undefined))).not.toContain(true);
  });
});

it('a viewer cannot read questions, and gets no emails about them', () => {
  const all = { sales: true, failures: true, support: true, warnings: true };
  expect(mailAlertsOf('viewer', all)).toEqual({ ...all, support: false });
  expect(mailAlertsOf('support', all)).toEqual(all);
});

describe('the next email of a kind', () => {
  const held = { waiting: null, held: 0 };

  it('is sent at once the first time, and an hour after the previous one', () => {
    expect(stepOf({ sentAt: null, ...held }, 'e', NOW)).toEqual({ kind: 'send', held: 0 });
    expect(stepOf({ sentAt: before(HOUR), ...held }, 'e', NOW)).toEqual({ kind: 'send', held: 0 });
  });

  it('waits until the hour has passed, to the millisecond', () => {
    const step = stepOf({ sentAt: before(HOUR - 1), ...held }, 'e', NOW);
    expect(step).toEqual({ kind: 'wait', until: new Date(NOW.getTime() + 1) });
  });

  it('counts the events after the waiting one, and reports their number', () => {
    expect(stepOf({ sentAt: before(1), waiting: 'a', held: 2 }, 'b', NOW)).toEqual({ kind: 'hold' });
    expect(stepOf({ sentAt: before(HOUR), waiting: 'a', held: 2 }, 'b', NOW)).toEqual({ kind: 'hold' });
    expect(stepOf({ sentAt: before(HOUR), waiting: 'a', held: 2 }, 'a', NOW)).toEqual({ kind: 'send', held: 2 });
  });

  it('does not wait for a lost event', () => {
    expect(stepOf({ sentAt: before(2 * HOUR - 1), waiting: 'a', held: 2 }, 'b', NOW)).toEqual({ kind: 'hold' });
    expect(stepOf({ sentAt: before(2 * HOUR), waiting: 'a', held: 2 }, 'b', NOW)).toEqual({ kind: 'send', held: 2 });
  });
});

it('a failed email is not reported by email', () => {
  const parked = (kind: string) => mailKindOf({ type: 'job.parked', data: { kind } });
  expect(['mail.send', 'alert.mail', 'alert.send'].map(parked)).toEqual([undefined, undefined, 'warnings']);
});

it('an email contains no names or words of buyers', () => {
  const details = { bot: 'shop_bot', title: 'Guide', buyer: 'Mira (@mira)', text: 'Where is it?', fileKind: 'photo' };
  const text = (type: 'order.paid' | 'support.message_received' | 'order.delivery_failed') =>
    mailAlertText('en', { type, data: { id: 'ord_1', stars: 50, thread_id: 'sth_1' } }, details);
  expect(text('order.paid')).toBe('💰 “Guide” was bought for 50 Stars.\nBot: @shop_bot\nord_1');
  expect(text('support.message_received')).toBe('✉️ A buyer is waiting for your reply.\nBot: @shop_bot\nAbout: “Guide”');
  expect(text('order.delivery_failed')).not.toContain('Mira');
});
