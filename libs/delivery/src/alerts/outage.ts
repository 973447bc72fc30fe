import type { EventType } from '#libs/journal';
import { clip } from '#libs/kernel';

type Json = Readonly<Record<string, unknown>>;

/** Paragraphs. */
type Wording = (data: Json) => readonly string[];

const SHOWN = 100;
const SHOWN_REASON = 300;

const reasonLine = (reason: unknown) =>
  `Reason: ${typeof reason === 'string' && reason !== '' ? clip(reason, SHOWN_REASON) : 'unknown'}`;

/** Returns only the host of an endpoint's address, because paths often contain secrets. */
function hostOf({ url }: Json): string {
  return typeof url === 'string' && URL.canParse(url) ? clip(new URL(url).host, SHOWN) : 'unknown';
}

const WEBHOOK_WORDS: Readonly<Record<string, string>> = {
  elsewhere:
    'Its updates go to another address. Stop the other tool, then register the bot again with `take_over: true`.',
  missing: 'No webhook is set. POST /v1/bots/{id}/rotate-token with its current token sets it again.',
  deaf: 'Telegram does not send all necessary updates. POST /v1/bots/{id}/rotate-token with its current token fixes that.',
  failing: "Telegram cannot deliver its updates here. The platform's staff see it as well.",
  lagging: "Many updates are waiting at Telegram. The platform's staff see it as well.",
};

/** Alerts about outages on the creator's side, and about their ends. */
export const OUTAGE_WARNINGS = {
  'endpoint.failing': (endpoint) => [
    `⚠️ Your webhook endpoint at ${hostOf(endpoint)} does not accept events.`,
    reasonLine(endpoint['failure']),
    'Each event is tried ten times within three days, and after five days of failures the endpoint is ' +
      `disabled. GET /v1/endpoints/${String(endpoint['id'])}/deliveries shows its responses.`,
  ],
  'endpoint.recovered': (endpoint) => [
    `✅ Your webhook endpoint at ${hostOf(endpoint)} accepts events again.`,
    `POST /v1/endpoints/${String(endpoint['id'])}/resend sends the events that were given up meanwhile.`,
  ],
  'endpoint.disabled': (endpoint) => [
    `⚠️ Starwall no longer calls your webhook endpoint at ${hostOf(endpoint)}.`,
    reasonLine(endpoint['disabled_because']),
    `When it works again, enable it (PATCH /v1/endpoints/${String(endpoint['id'])} with state "enabled") ` +
      `and request the missed events (POST /v1/endpoints/${String(endpoint['id'])}/resend).`,
  ],
  'bot.webhook_failing': ({ bot_id: id, username, problem, last_error: error, host }) => [
    `⚠️ Your bot @${clip(String(username), SHOWN)} may not be receiving its buyers' messages.`,
    WEBHOOK_WORDS[String(problem)] ?? String(problem),
    ...(typeof error === 'string' ? [reasonLine(error)] : []),
    ...(problem === 'elsewhere' ? [`Address: ${clip(String(host), SHOWN)}`] : []),
    String(id),
  ],
  'bot.webhook_recovered': ({ username }) => [
    `✅ Your bot @${clip(String(username), SHOWN)} receives its buyers' messages again.`,
  ],
  'payment.stray': ({ id, bot_id: bot, kind, description, amount, currency }) => [
    kind === 'refunded_payment'
      ? '⚠️ Telegram reported a refund that could not be recorded.'
      : '⚠️ Telegram reported a payment that could not be recorded.',
    reasonLine(description),
    ...(typeof amount === 'string'
      ? [`Reported: ${clip(amount, SHOWN)} ${typeof currency === 'string' ? clip(currency, SHOWN) : ''}`.trimEnd()]
      : []),
    [`Bot: ${String(bot)}`, String(id)].join('\n'),
    'GET /v1/stray-payments lists all of them.',
  ],
} satisfies Partial<Record<EventType, Wording>>;
