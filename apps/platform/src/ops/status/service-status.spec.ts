import type { AnswerFacts, ServiceFacts } from '#libs/metrics';
import { type Delays, platformParts, worst } from './service-status.js';
import { statusPage } from './status-page.js';

/** Answers by duration: within 0.1 s, and within 2.5 to 5 s. */
const answers = (quick: number, slow = 0, failed = 0): AnswerFacts => ({
  buckets: Array.from({ length: 12 }, (_, i) => (i === 4 ? quick : i === 9 ? slow : 0)),
  failed,
});
const FINE: ServiceFacts = { telegram: answers(100), checkouts: answers(100), api: answers(100) };
const PROMPT: Delays = { updates: 0, deliveries: 0, webhooks: 0 };
const partsOf = (facts: Partial<ServiceFacts>, delays: Partial<Delays> = {}, isIngressAway = false) =>
  platformParts({ facts: { ...FINE, ...facts }, delays: { ...PROMPT, ...delays }, isIngressAway });

describe('a service', () => {
  it('is slow when more than one in twenty responses takes longer than 2.5 seconds', () => {
    expect(partsOf({ telegram: answers(95, 5) }).telegram.status).toBe('ok');
    expect(partsOf({ telegram: answers(94, 6) }).telegram).toMatchObject({ status: 'slow', failed_percent: 0 });
  });

  it('is slow when more than 5 % fail, and down when more than 20 % do', () => {
    expect(partsOf({ api: answers(100, 0, 5) }).api.status).toBe('ok');
    expect(partsOf({ api: answers(100, 0, 6) }).api.status).toBe('slow');
    expect(partsOf({ api: answers(100, 0, 20) }).api.status).toBe('slow');
    expect(partsOf({ api: answers(100, 0, 21) }).api).toMatchObject({ status: 'down', failed_percent: 21 });
  });

  it('is not down after two failures, however few responses there are', () => {
    expect(partsOf({ checkouts: answers(2, 0, 2) }).checkouts.status).toBe('ok');
    expect(partsOf({ checkouts: answers(3, 0, 3) }).checkouts.status).toBe('down');
  });

  it('is ok when it is not called', () => {
    const quiet = { status: 'ok', p50_ms: null, p95_ms: null, failed_percent: null };
    expect(partsOf({ telegram: answers(0) }).telegram).toEqual(quiet);
  });
});

it('each kind of work has its own limits for slow and down', () => {
  const statusAt = (part: keyof Delays, delay: number) => partsOf({}, { [part]: delay })[part].status;
  expect([10, 10.1, 300, 301].map((delay) => statusAt('updates', delay))).toEqual(['ok', 'slow', 'slow', 'down']);
  expect([30, 31, 600, 601].map((delay) => statusAt('deliveries', delay))).toEqual(['ok', 'slow', 'slow', 'down']);
  expect([120, 121, 1_800, 1_801].map((delay) => statusAt('webhooks', delay))).toEqual(['ok', 'slow', 'slow', 'down']);
});

it('without the database, the API is down and the other parts are unknown', () => {
  const parts = platformParts(undefined);
  expect(parts.api.status).toBe('down');
  expect(parts.telegram.status).toBe('unknown');
  expect(worst(parts)).toBe('down');
});

it('the overall status is that of the worst part', () => {
  expect(worst(partsOf({}))).toBe('ok');
  expect(worst(partsOf({}, { webhooks: 200 }))).toBe('slow');
  expect(worst(partsOf({ telegram: answers(94, 6) }, { updates: 301 }))).toBe('down');
});

describe('the status page', () => {
  const at = new Date('2026-06-01T12:34:56Z');
  const pageOf = (parts: ReturnType<typeof partsOf>, language: 'en' | 'ru') =>
    statusPage({ status: worst(parts), checkedAt: at, parts }, language);

  it('shows slow parts and their delays in both languages', () => {
    const parts = partsOf({ telegram: answers(0, 100) }, { deliveries: 240 });
    const english = pageOf(parts, 'en');
    expect(english).toContain('<h2>Telegram</h2><b>slow</b><p>Half of the responses take up to 3.8 s');
    expect(english).toContain('The oldest has waited for 4 min.');
    expect(english).toContain('12:34 UTC');
    expect(pageOf(parts, 'ru')).toContain('<h2>Telegram</h2><b>медленно</b><p>Половина ответов — до 3.8 с');
  });

  it('says that payments are impossible while no ingress runs, however good earlier responses were', () => {
    const parts = partsOf({}, {}, true);
    expect(parts.checkouts).toEqual({ status: 'down', p50_ms: null, p95_ms: null, failed_percent: null });
    expect(worst(parts)).toBe('down');
    expect(pageOf(parts, 'en')).toContain(
      '<h2>Paying</h2><b>not working</b><p>Messages and payments are not being accepted',
    );
    expect(pageOf(parts, 'ru')).toContain('Сообщения Telegram хранит сутки');
  });

  it('does not show unknown parts as idle', () => {
    const page = pageOf(platformParts(undefined), 'en');
    expect(page).not.toContain('Nothing waits');
    expect(page).not.toContain('No calls');
  });
});
