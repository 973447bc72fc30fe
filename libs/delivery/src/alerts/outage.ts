import type { EventType } from '#libs/journal';
import { clip } from '#libs/kernel';
import type { AlertWords } from './alert-words.js';

type Json = Readonly<Record<string, unknown>>;

/** The paragraphs of an alert. */
type Wording = (words: AlertWords, data: Json) => readonly string[];

const SHOWN = 100;
const SHOWN_REASON = 300;

export const reasonLine = (words: AlertWords, reason: unknown) =>
  words.reason(typeof reason === 'string' && reason !== '' ? clip(reason, SHOWN_REASON) : words.unknown);

/** Returns only the host of an endpoint's address, because paths often contain secrets. */
function hostOf(words: AlertWords, { url }: Json): string {
  return typeof url === 'string' && URL.canParse(url) ? clip(new URL(url).host, SHOWN) : words.unknown;
}

const pathOf = ({ id }: Json) => `/v1/endpoints/${String(id)}`;
const botNamed = (username: unknown) => `@${clip(String(username), SHOWN)}`;

/** Alerts about outages on the creator's side, and about their ends. */
export const OUTAGE_WARNINGS = {
  'endpoint.failing': (words, endpoint) => [
    words.endpointFailing(hostOf(words, endpoint)),
    reasonLine(words, endpoint['failure']),
    words.endpointTries(pathOf(endpoint)),
  ],
  'endpoint.recovered': (words, endpoint) => [
    words.endpointWell(hostOf(words, endpoint)),
    words.endpointResend(pathOf(endpoint)),
  ],
  'endpoint.disabled': (words, endpoint) => [
    words.endpointOff(hostOf(words, endpoint)),
    reasonLine(words, endpoint['disabled_because']),
    words.endpointEnable(pathOf(endpoint)),
  ],
  'bot.webhook_failing': (words, { bot_id: id, username, problem, last_error: error, host }) => [
    words.deaf(botNamed(username)),
    words.webhook[String(problem)] ?? String(problem),
    ...(typeof error === 'string' ? [reasonLine(words, error)] : []),
    ...(problem === 'elsewhere' ? [words.address(clip(String(host), SHOWN))] : []),
    String(id),
  ],
  'bot.webhook_recovered': (words, { username }) => [words.hears(botNamed(username))],
  'payment.stray': (words, { id, bot_id: bot, kind, description, amount, currency }) => [
    kind === 'refunded_payment' ? words.strayRefund : words.strayPayment,
    reasonLine(words, description),
    ...(typeof amount === 'string'
      ? [
          words.reported(
            `${clip(amount, SHOWN)} ${typeof currency === 'string' ? clip(currency, SHOWN) : ''}`.trimEnd(),
          ),
        ]
      : []),
    [words.bot(String(bot)), String(id)].join('\n'),
    words.strayList,
  ],
} satisfies Partial<Record<EventType, Wording>>;
