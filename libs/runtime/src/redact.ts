const BOT_TOKEN = /\d{3,16}:[A-Za-z0-9_-]{30,}/g;
const WEBHOOK_SECRET = /whsec_[A-Za-z0-9+/=_-]{8,}/g;
const BEARER = /\beyJ[A-Za-z0-9_-]{1,500}\.[A-Za-z0-9_-]{1,2000}\.[A-Za-z0-9_-]+/g;
const API_KEY = /\bsw_(?:live|test)_[0-9A-Za-z]{8,}/g;
const URL_PASSWORD = /(\b[a-z][a-z0-9+]{0,19}:\/\/[^\s:/@]{0,200}):[^\s@/]{1,500}@/g;

// Lengths are limited where a match may start at many places: strangers' texts are logged, and must not cost much
// time.

/**
 * Removes secrets from a text before it is logged or stored: bot tokens, webhook secrets, API keys, JWTs, passwords
 * in URLs.
 */
export function redact(text: string): string {
  return text
    .replace(URL_PASSWORD, '$1:[secret]@')
    .replace(BOT_TOKEN, '[bot token]')
    .replace(WEBHOOK_SECRET, '[webhook secret]')
    .replace(API_KEY, '[api key]')
    .replace(BEARER, '[jwt]');
}

/** The message of whatever was thrown, without secrets. */
export const messageOf = (error: unknown): string => redact(error instanceof Error ? error.message : String(error));
