import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { telegramCalls } from '#libs/metrics';
import { TelegramRefused, TelegramUnreachable } from './telegram-error.js';
import { Telegram } from './telegram.service.js';

const TOKEN = '7000000001:AAE-a-token-that-must-never-become-text-00';

/** Returns everything that a logger could print of an error. */
const everything = (error: unknown) => inspect(error, { depth: 10, showHidden: true, getters: true });

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

/** Runs `work` against a server that answers every connection with the same text, or not at all. */
async function against<T>(words: string, work: (telegram: Telegram) => Promise<T>): Promise<T> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(words));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    return await work(new Telegram({ telegramApiRoot: `http://127.0.0.1:${port}` }));
  } finally {
    server.close();
  }
}

const echo = `{"ok":false,"error_code":404,"description":"nothing at /bot${TOKEN}/sendMessage"}`;
const refusal = '{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}';

describe('the error of a Bot API call', () => {
  it.each([
    ['no answer at all', '', TelegramUnreachable],
    ['a malformed answer', 'HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n<html>', TelegramUnreachable],
    ['a refusal that contains the URL', `HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n${echo}`, TelegramRefused],
    ['a refusal', `HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n${refusal}`, TelegramRefused],
  ])('contains no token after %s', async (_, words, kind) => {
    const call = (telegram: Telegram) => failureOf(telegram.api(TOKEN).sendMessage(1, 'private words'));
    const error = await against(words, call);
    expect(error).toBeInstanceOf(kind);
    expect(everything(error)).not.toContain(TOKEN.slice(11));
    expect(everything(error)).not.toContain('private words');
  });
});

describe('a Bot API call is counted', () => {
  const saying = (status: string, body: string) => `HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n${body}`;
  const refused = (code: number, words: string) =>
    saying(`${code} Refused`, `{"ok":false,"error_code":${code},"description":"${words}"}`);
  const counts = async () =>
    Object.fromEntries(
      (await telegramCalls.get()).values.flatMap(({ labels, value }) =>
        labels.method === 'answerPreCheckoutQuery' ? [[String(labels.outcome), value]] : [],
      ),
    ) as Record<string, number>;

  it.each([
    ['ok', saying('200 OK', '{"ok":true,"result":true}')],
    ['rate_limited', refused(429, 'Too Many Requests: retry after 5')],
    ['token_invalid', refused(401, 'Unauthorized')],
    ['refused', refused(400, 'Bad Request: chat not found')],
    ['failed', refused(502, 'Bad Gateway')],
    ['network', ''],
  ])('as %s', async (outcome, words) => {
    const before = (await counts())[outcome] ?? 0;
    await against(words, (telegram) => failureOf(telegram.api(TOKEN).answerPreCheckoutQuery('1', true)));
    expect((await counts())[outcome]).toBe(before + 1);
  });
});
