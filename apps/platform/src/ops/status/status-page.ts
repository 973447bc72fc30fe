import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { readFileSync } from 'node:fs';
import { type Html, html } from '../../documentation/reference/html.js';
import { type AnsweringPart, type Part, PARTS, type WorkingPart } from './service-status.js';
import { STATUS_TEXTS, type StatusTexts } from './status-texts.js';
import { type PlatformStatus, StatusReader } from './status.reader.js';

type Language = keyof typeof STATUS_TEXTS;

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'public, max-age=10',
  vary: 'accept-language',
};

const LIMITED = {
  config: { audience: { kind: 'public', why: 'it contains no data of a workspace', limited: true } },
} as const;

/** Serves the status as a page at `/status`, in English or Russian, without scripts. */
export function serveStatusPage(app: NestFastifyApplication): void {
  const reader = app.get(StatusReader);
  const style = readFileSync(new URL('./static/status.css', import.meta.url));
  const fastify = app.getHttpAdapter().getInstance();
  fastify.get('/status', LIMITED, async (request, reply) => {
    const page = statusPage(await reader.read(), languageOf(request));
    return reply.headers(HEADERS).type('text/html; charset=utf-8').send(page);
  });
  fastify.get('/status/status.css', LIMITED, (_request, reply) =>
    reply.header('cache-control', 'public, max-age=3600').type('text/css; charset=utf-8').send(style),
  );
}

function languageOf({ query, headers }: FastifyRequest): Language {
  const { lang } = query as Readonly<Record<string, unknown>>;
  if (lang === 'en' || lang === 'ru') return lang;
  return /^\s*ru\b/i.test(headers['accept-language'] ?? '') ? 'ru' : 'en';
}

export function statusPage({ status, checkedAt, parts }: PlatformStatus, language: Language): string {
  const texts = STATUS_TEXTS[language];
  const other = language === 'en' ? 'ru' : 'en';
  const rows = PARTS.map((part) => {
    const state = parts[part];
    const sentence = isAnswering(state) ? answersOf(part, state, texts) : waitsOf(state, texts);
    return html`<li class="${state.status}"><h2>${texts.names[part]}</h2><b>${texts.statuses[state.status]}</b><p>${sentence}</p></li>`;
  });
  const time = checkedAt.toISOString().slice(11, 16);
  return page(
    texts,
    language,
    html`<header><a href="/">Starwall · ${texts.dashboard}</a><a href="?lang=${other}" lang="${other}" hreflang="${other}">${texts.other}</a></header>
<main><h1 class="${status}">${texts.headings[status]}</h1><p>${texts.explanations[status]}</p><ul>${rows}</ul><p class="foot">${texts.checkedAt(time)}</p></main>`,
  );
}

const page = (texts: StatusTexts, language: Language, body: Html): string =>
  html`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${texts.title} · Starwall</title><link rel="icon" href="/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/status/status.css"></head><body>${body}</body></html>`
    .text;

const isAnswering = (state: AnsweringPart | WorkingPart): state is AnsweringPart => 'p50_ms' in state;

function answersOf(
  part: Part,
  { status, p50_ms: p50, p95_ms: p95, failed_percent: failed }: AnsweringPart,
  texts: StatusTexts,
) {
  if (p50 !== null && p95 !== null && failed !== null)
    return texts.answers(duration(p50, texts), duration(p95, texts), `${failed} %`);
  if (part === 'checkouts' && status === 'down') return texts.untaken;
  return status === 'ok' ? texts.quiet : texts.notKnown;
}

function waitsOf({ delay_seconds: delay }: WorkingPart, texts: StatusTexts) {
  if (delay === null) return texts.notKnown;
  return delay === 0 ? texts.nothingWaits : texts.waits(duration(delay * 1_000, texts));
}

function duration(ms: number, { milliseconds, seconds, minutes }: StatusTexts): string {
  if (ms < 1_000) return milliseconds(String(ms));
  return ms < 120_000 ? seconds(String(Math.round(ms / 100) / 10)) : minutes(String(Math.round(ms / 60_000)));
}
