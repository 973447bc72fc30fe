import type { EventType } from '#libs/journal';
import { DomainError } from '#libs/kernel';

export class AlertChatUnknown extends DomainError {
  readonly code = 'alert_chat_unknown';
  readonly refusal = 'conflict';
  readonly remedy =
    'Open the bot in Telegram with your own account, press Start, and use the Telegram id of that account.';

  constructor() {
    super('No such person has started that bot, so it cannot write to them.');
  }
}

const SHOWN = 100;

/** What the creator reads because of an event. */
export function alertText(type: EventType, data: Readonly<Record<string, unknown>>): string {
  if (type === 'quota.warning') return quotaText(data);
  return type === 'chat.updated' ? chatText(data) : disabledText(data);
}

/** What the creator reads when an endpoint was disabled. Of its address only the host: paths often carry secrets. */
function disabledText(endpoint: Readonly<Record<string, unknown>>): string {
  const { id, url, disabled_because: because } = endpoint;
  const host = typeof url === 'string' && URL.canParse(url) ? new URL(url).host : 'unknown';
  return [
    `⚠️ Starwall does not call your webhook endpoint at ${host.slice(0, SHOWN)} any more.`,
    `Reason: ${String(because).slice(0, SHOWN)}`,
    `When it works again, enable it (PATCH /v1/endpoints/${String(id)} with state "enabled") and have what it missed sent ` +
      `(POST /v1/endpoints/${String(id)}/resend).`,
  ].join('\n\n');
}

/** What the creator reads when their plan is nearly used up, or wholly. */
function quotaText(limit: Readonly<Record<string, unknown>>): string {
  const name = String(limit['name']).replaceAll('_', ' ').slice(0, SHOWN);
  const used = `${Number(limit['used'])} of ${Number(limit['allowed'])}`;
  const what =
    limit['state'] === 'exhausted'
      ? 'That is all of it: nothing new is taken on. What is paid or being paid is delivered as ever.'
      : 'When it is used up, nothing new is taken on.';
  return [
    `⚠️ Your Starwall plan: ${name}, ${used} used.`,
    what,
    'GET /v1/usage shows every limit. Support can give you a larger plan.',
  ].join('\n\n');
}

/** What the creator reads when a bot cannot do its work in a chat any more, or the chat lets in anybody. */
function chatText(chat: Readonly<Record<string, unknown>>): string {
  const name = `“${String(chat['title']).slice(0, SHOWN)}”`;
  const { missing_rights: missing, remedy } = chat;
  if (Array.isArray(missing) && missing.length === 0) {
    return [`⚠️ The chat ${name} is public now.`, String(remedy), 'Until then no access to it is sold.'].join('\n\n');
  }
  return [
    `⚠️ Your bot can no longer look after the chat ${name}.`,
    String(remedy),
    'Until then no access to it is sold, nobody is let in, and nobody whose time is over is put out.',
  ].join('\n\n');
}
