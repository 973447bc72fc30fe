import { alertsView, type EndpointFacts, endpointView } from '#libs/delivery';
import { type EventType, previousOf } from '#libs/journal';
import { webhookTroubleView } from '#libs/tenants';
import { ID, type Sample, TELEGRAM_ID } from './sample-rows.js';

type OutageEvent =
  | Exclude<Extract<EventType, `endpoint.${string}`>, 'endpoint.test'>
  | Extract<EventType, `bot.webhook_${string}`>
  | 'alerts.unreachable';

/** Sample events about outages on a creator's side; see {@link samplesAt}. */
export function outageSamples(now: Date, endpoint: EndpointFacts): Readonly<Record<OutageEvent, Sample>> {
  const change = (from: Partial<EndpointFacts>, to: Partial<EndpointFacts>): Sample => {
    const [before, after] = [endpointView({ ...endpoint, ...from }), endpointView({ ...endpoint, ...to })];
    return { data: after, previous: previousOf(before, after) };
  };
  const failing = { failingSince: now, failure: 'the endpoint answered 502' };
  const disabled = { state: 'disabled', disabledBecause: 'Continuous failure for five days.' } as const;
  return {
    'endpoint.failing': change({}, failing),
    'endpoint.recovered': change(failing, {}),
    'endpoint.disabled': change(failing, { ...failing, ...disabled }),
    'bot.webhook_failing': { data: webhookTroubleView(troubleAt(now)) },
    'bot.webhook_recovered': { data: webhookTroubleView({ ...troubleAt(now), problem: null, since: null }) },
    'alerts.unreachable': { data: alertsView(alertsAt(now)) },
  };
}

const troubleAt = (now: Date) => ({
  botId: ID,
  username: 'test_bot',
  problem: 'failing',
  since: now,
  host: 'starwall.example.com',
  pendingUpdates: 12,
  lastError: 'Wrong response from the webhook: 502 Bad Gateway',
  lastErrorAt: now,
});

const alertsAt = (createdAt: Date) => ({
  botId: ID,
  telegramId: TELEGRAM_ID,
  sales: true,
  failures: true,
  support: true,
  reachable: false,
  missed: [ID],
  createdAt,
});
