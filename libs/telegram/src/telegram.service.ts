import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { Api, HttpError, type Transformer } from 'grammy';
import type { StarAmount, StarTransaction } from 'grammy/types';
import { LRUCache } from 'lru-cache';
import { CONFIG, type Config, redact } from '#libs/runtime';
import { counted } from './counted.js';
import { fitTexts } from './fitting.js';
import { traced } from './traced.js';
import { TelegramRefused, TelegramUnreachable } from './telegram-error.js';

/** Seconds. grammY's default is 500. During a checkout the buyer waits, and Telegram allows ten in total. */
const TIMEOUTS = { preCheckout: 4, work: 15, upload: 120 } as const;

/**
 * Converts the error of every failed Bot API call to one of ours: grammY's contain the payload, and their causes the
 * token.
 */
const safeErrors: Transformer = async (prev, method, payload, signal) => {
  const answer = await prev(method, payload, signal).catch((error: unknown) => {
    if (!(error instanceof HttpError)) throw error;
    throw new TelegramUnreachable(method, /abort|timed? ?out/i.test(error.message) ? 'timeout' : 'network');
  });
  if (answer.ok) return answer;
  // A proxy in between may print the URL, which contains the token.
  const { retry_after: retryAfter, migrate_to_chat_id: migrateTo } = answer.parameters ?? {};
  throw new TelegramRefused(method, answer.error_code, redact(answer.description), retryAfter, migrateTo);
};

const MAX_DOWNLOAD = 20 * 1_024 * 1_024;

export interface Downloaded {
  readonly stream: Readable;
  /** The extension of the file's name at Telegram, with its dot; empty if there is none. */
  readonly extension: string;
}

async function* atMost(body: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of body) {
    left -= chunk.length;
    if (left < 0) throw new TelegramRefused('download', 413, 'The file is larger than Telegram declared', undefined);
    yield chunk;
  }
}

/** Number of cached clients. Each takes about two kilobytes. */
const MOST_CLIENTS = 2_000;

/** Creates Bot API clients, and caches those that were used last. Creating one needs no network call. */
@Injectable()
export class Telegram {
  private readonly clients = new LRUCache<string, Api>({ max: MOST_CLIENTS });

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'telegramApiRoot'>) {}

  /**
   * @param token of the bot; stays inside the client
   * @returns a grammY client whose calls throw only {@link TelegramRefused} or {@link TelegramUnreachable}
   */
  api(token: string, patience: keyof typeof TIMEOUTS = 'work'): Api {
    const key = `${patience} ${token}`;
    const kept = this.clients.get(key);
    if (kept !== undefined) return kept;
    const options = {
      apiRoot: this.config.telegramApiRoot,
      timeoutSeconds: TIMEOUTS[patience],
      sensitiveLogs: false,
    };
    const api = new Api(token, options);
    api.config.use(safeErrors, counted, traced, fitTexts);
    this.clients.set(key, api);
    return api;
  }

  /**
   * Returns a page of the bot's Star transactions, in the order in which Telegram lists them (oldest first, by
   * observation).
   * @param offset transactions to skip
   * @param limit 1 to 100
   */
  async starTransactions(token: string, offset: number, limit: number): Promise<readonly StarTransaction[]> {
    return (await this.api(token).getStarTransactions({ offset, limit })).transactions;
  }

  /** Returns the bot's balance. Both numbers may be negative. */
  starBalance(token: string): Promise<StarAmount> {
    return this.api(token).getMyStarBalance();
  }

  /**
   * Streams a file from Telegram, which serves files of up to 20 MB (Bot API, getFile); a longer one is an error.
   * @throws TelegramRefused, TelegramUnreachable
   */
  async download(token: string, fileId: string): Promise<Downloaded> {
    const { file_path: path = '' } = await this.api(token).getFile(fileId);
    // The URL contains the token, so it must not appear in an error.
    const response = await fetch(`${this.config.telegramApiRoot}/file/bot${token}/${path}`, {
      redirect: 'error',
    }).catch(() => undefined);
    if (response === undefined) throw new TelegramUnreachable('download', 'network');
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new TelegramRefused('download', response.status, 'The file cannot be downloaded', undefined);
    }
    return {
      stream: Readable.from(atMost(response.body, MAX_DOWNLOAD)),
      extension: /\.[a-z0-9]{1,8}$/i.exec(path)?.[0] ?? '',
    };
  }
}
