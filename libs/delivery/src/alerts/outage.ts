import type { EventType } from '#libs/journal';
import { clip } from '#libs/kernel';

type Json = Readonly<Record<string, unknown>>;

/** Paragraphs. */
type Wording = (data: Json) => readonly string[];

const SHOWN = 100;
const SHOWN_REASON = 300;

const reasonLine = (reason: unknown) =>
  `Reason: ${typeof reason === 'string' && reason !== '' ? clip(reason, SHOWN_REASON) : 'unknown'}`;

/** Of an endpoint's address only the host: paths often carry secrets. */
function hostOf({ url }: Json): string {
  return typeof url === 'string' && URL.canParse(url) ? clip(new URL(url).host, SHOWN) : 'unknown';
}

const WEBHOOK_WORDS: Readonly<Record<string, string>> = {
  elsewhere:
    'Its updates go to another address. Stop the other tool, then register the bot again with `take_over: true`.',
  missing: 'No webhook is set. POST /v1/bots/{id}/rotate-token with the token that it has sets it anew.',
  deaf: 'Telegram does not send everything that is needed. POST /v1/bots/{id}/rotate-token with the token that it has mends it.',
  failing: 'Telegram cannot deliver its updates here. The staff of the platform see it as well.',
  lagging: 'Many updates wait at Telegram. The staff of the platform see it as well.',
};

/** What the creator reads when something of theirs stops working, or works again. */
export const OUTAGE_WARNINGS = {
  'endpoint.failing': (endpoint) => [
    `⚠️ Your webhook endpoint at ${hostOf(endpoint)} does not take what it is told.`,
    reasonLine(endpoint['failure']),
    `Each event is tried ten times within three days, and after five days of failures the endpoint is disabled. ` +
      `GET /v1/endpoints/${String(endpoint['id'])}/deliveries shows what it answered.`,
  ],
  'endpoint.recovered': (endpoint) => [
    `✅ Your webhook endpoint at ${hostOf(endpoint)} takes what it is told again.`,
    `POST /v1/endpoints/${String(endpoint['id'])}/resend sends what was given up meanwhile.`,
  ],
  'endpoint.disabled': (endpoint) => [
    `⚠️ Starwall does not call your webhook endpoint at ${hostOf(endpoint)} any more.`,
    reasonLine(endpoint['disabled_because']),
    `When it works again, enable it (PATCH /v1/endpoints/${String(endpoint['id'])} with state "enabled") and have what it missed sent ` +
      `(POST /v1/endpoints/${String(endpoint['id'])}/resend).`,
  ],
  'bot.webhook_failing': ({ bot_id: id, username, problem, last_error: error, host }) => [
    `⚠️ Your bot @${clip(String(username), SHOWN)} may not hear its buyers.`,
    WEBHOOK_WORDS[String(problem)] ?? String(problem),
    ...(typeof error === 'string' ? [reasonLine(error)] : []),
    ...(problem === 'elsewhere' ? [`Address: ${clip(String(host), SHOWN)}`] : []),
    String(id),
  ],
  'bot.webhook_recovered': ({ username }) => [`✅ Your bot @${clip(String(username), SHOWN)} hears its buyers again.`],
  'payment.stray': ({ id, bot_id: bot, kind, description, amount, currency }) => [
    kind === 'refunded_payment'
      ? '⚠️ Telegram reported a refund that is not on your books.'
      : '⚠️ Telegram reported a payment that is not on your books.',
    reasonLine(description),
    ...(typeof amount === 'string'
      ? [`Reported: ${clip(amount, SHOWN)} ${typeof currency === 'string' ? clip(currency, SHOWN) : ''}`.trimEnd()]
      : []),
    [`Bot: ${String(bot)}`, String(id)].join('\n'),
    'GET /v1/stray-payments lists all of them.',
  ],
} satisfies Partial<Record<EventType, Wording>>;
