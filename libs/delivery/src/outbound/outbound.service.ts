import { Resolver } from 'node:dns/promises';
import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { MINUTE, SECOND } from '#libs/kernel';
import { CONFIG, type Config } from '#libs/runtime';
import { type GuardFacts, hostOf, safeUrl, UnsafeAddress, whyNotAddress } from './address-guard.js';
import { MAX_RESPONSE_BYTES } from './webhook.js';

/** Resolves names with this machine's DNS servers, without the thread pool, which a slow name server would fill. */
@Injectable()
export class Names {
  private readonly resolver = new Resolver({ timeout: 2 * SECOND, tries: 2 });

  /** Returns every address of a host, IPv4 first. @throws CallFailed when it has none */
  async addressesOf(host: string): Promise<string[]> {
    if (host === 'localhost') return ['127.0.0.1', '::1'];
    const answers = await Promise.allSettled([this.resolver.resolve4(host), this.resolver.resolve6(host)]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length === 0) throw new CallFailed('the host name has no address');
    return addresses;
  }
}

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The beginning of the raw body, neither decompressed nor decoded. */
  readonly body: Buffer;
}

/** A response that is being received. */
export interface Download {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The raw body, neither decompressed nor decoded. Throws CallFailed when the connection breaks. */
  readonly body: AsyncIterable<Buffer>;
}

/** Thrown when there is no response, or only a part of it. The message may be shown to the creator. */
export class CallFailed extends Error {}

export interface OutboundLimits {
  /** Milliseconds for name, connection and TLS together. */
  readonly connectMs: number;
  /** Milliseconds from beginning to end. */
  readonly totalMs: number;
}

const VET_MS = 2 * SECOND;
const LIMITS: OutboundLimits = { connectMs: 5 * SECOND, totalMs: 15 * SECOND };
const DOWNLOAD_LIMITS: OutboundLimits = { connectMs: 5 * SECOND, totalMs: 2 * MINUTE };

/**
 * Calls addresses given by strangers. The address is checked on every call, after the name was resolved, and the
 * connection goes to exactly the checked address. Does not follow redirects or reuse connections.
 */
@Injectable()
export class Outbound {
  protected readonly limits: OutboundLimits = LIMITS;
  protected readonly downloadLimits: OutboundLimits = DOWNLOAD_LIMITS;
  private readonly facts: GuardFacts;

  constructor(
    @Inject(CONFIG) config: Pick<Config, 'loopbackWebhooks' | 'publicUrl' | 'ingressUrl'>,
    private readonly names: Names,
  ) {
    const ownAddresses = Object.values(networkInterfaces()).flatMap((all) => all?.map((it) => it.address) ?? []);
    this.facts = {
      loopback: config.loopbackWebhooks,
      ownHosts: [config.publicUrl, config.ingressUrl].map((url) => new URL(url).hostname),
      ownAddresses,
    };
  }

  /** Checks an address without any call. @throws UnsafeAddress */
  check(url: string): URL {
    return safeUrl(url, this.facts);
  }

  /**
   * Like {@link check}, and also checks the addresses of its name. A name that cannot be resolved within two seconds is
   * accepted: the address is checked again on every call.
   * @throws UnsafeAddress
   */
  async vet(target: string): Promise<URL> {
    const url = this.check(target);
    const clock = new Deadline({ connectMs: VET_MS, totalMs: VET_MS });
    try {
      await clock.race(this.checkedAddresses(hostOf(url)));
    } catch (error) {
      if (error instanceof UnsafeAddress) throw error;
    } finally {
      clock.stop();
    }
    return url;
  }

  /**
   * Posts, and reads the beginning of the response. @param maxBytes of the response; default 4 kB
   * @throws UnsafeAddress, CallFailed
   */
  async post(
    target: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    maxBytes = MAX_RESPONSE_BYTES,
  ): Promise<Answer> {
    return this.call(target, { method: 'POST', headers, body, limits: this.limits }, async (response) => ({
      status: response.statusCode ?? 0,
      retryAfter: response.headers['retry-after'],
      body: await beginningOf(response, maxBytes),
    }));
  }

  /**
   * Fetches, within two minutes.
   * @param read is called when the headers have arrived; the unread rest is dropped when it returns
   * @throws UnsafeAddress, CallFailed, and the errors of `read`
   */
  async get<T>(
    target: string,
    headers: Readonly<Record<string, string>>,
    read: (answer: Download) => Promise<T>,
  ): Promise<T> {
    return this.call(target, { method: 'GET', headers, body: '', limits: this.downloadLimits }, (response, clock) =>
      clock.race(read({ status: response.statusCode ?? 0, headers: response.headers, body: wholeBody(response) })),
    );
  }

  private async call<T>(
    target: string,
    { method, headers, body, limits }: Call,
    read: (response: IncomingMessage, clock: Deadline) => Promise<T>,
  ): Promise<T> {
    const url = this.check(target);
    const clock = new Deadline(limits);
    try {
      const addresses = await clock.race(this.checkedAddresses(hostOf(url)));
      const request = url.protocol === 'https:' ? overHttps : overHttp;
      const sent = request(url, {
        method,
        agent: false,
        lookup: pinnedTo(addresses),
        headers: { ...headers, ...lengthOf(method, body), 'accept-encoding': 'identity' },
      });
      clock.watch(sent);
      return await read(await answerTo(sent, body), clock);
    } finally {
      clock.stop();
    }
  }

  private async checkedAddresses(host: string): Promise<string[]> {
    const addresses = isIP(host) === 0 ? await this.names.addressesOf(host) : [host];
    for (const address of addresses) {
      const because = whyNotAddress(address, this.facts);
      if (because !== undefined) throw new UnsafeAddress(because);
    }
    return addresses;
  }
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly limits: OutboundLimits;
}

const lengthOf = (method: Call['method'], body: string) =>
  method === 'GET' ? {} : { 'content-length': Buffer.byteLength(body) };

/** A look-up that returns the checked addresses instead of resolving again. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    const [first] = all;
    if (options.all === true) callback(null, all);
    else callback(null, first?.address ?? '', first?.family);
  };
}

function answerTo(request: ClientRequest, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', (error: NodeJS.ErrnoException) => reject(new CallFailed(readable(error), { cause: error })));
    request.end(body);
  });
}

/**
 * Reads the beginning of a body. One that is too long, too slow or interrupted is returned as far as it was received,
 * because the status may be all that matters.
 */
function beginningOf(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= maxBytes) response.destroy();
    });
    response.on('error', () => undefined);
    response.once('close', () => resolve(Buffer.concat(chunks).subarray(0, maxBytes)));
  });
}

async function* wholeBody(response: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* response as AsyncIterable<Buffer>;
  } catch (error) {
    throw new CallFailed(readable(error as NodeJS.ErrnoException), { cause: error });
  }
}

const TOO_SLOW_TO_CONNECT = 'no connection in time';
const TOO_SLOW = 'no response in time';

/** Ends a call that takes too long in any phase. */
class Deadline {
  private readonly timers: NodeJS.Timeout[] = [];
  private request: ClientRequest | undefined;
  private fail: ((error: Error) => void) | undefined;

  constructor({ connectMs, totalMs }: OutboundLimits) {
    this.timers.push(
      setTimeout(() => this.expire(TOO_SLOW_TO_CONNECT), connectMs),
      setTimeout(() => this.expire(TOO_SLOW), totalMs),
    );
  }

  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, new Promise<never>((_, reject) => (this.fail = reject))]);
  }

  watch(request: ClientRequest): void {
    this.request = request;
    request.once('socket', (socket) => {
      socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => clearTimeout(this.timers[0]));
    });
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.request?.destroy();
  }

  private expire(because: string): void {
    this.fail?.(new CallFailed(because));
    this.request?.destroy(new Error(because));
  }
}

/** Describes a network error to the creator. */
function readable(error: NodeJS.ErrnoException): string {
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'the connection was refused',
    ECONNRESET: 'the connection was interrupted',
    EPIPE: 'the connection was interrupted',
    ETIMEDOUT: TOO_SLOW_TO_CONNECT,
    EHOSTUNREACH: 'the host cannot be reached',
    ENETUNREACH: 'the host cannot be reached',
    HPE_HEADER_OVERFLOW: 'the response headers are larger than 16 kB',
    CERT_HAS_EXPIRED: 'the certificate has expired',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is not signed by a known authority',
    SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is not signed by a known authority',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is not signed by a known authority',
    ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host',
  };
  const code = error.code ?? '';
  return words[code] ?? (code.startsWith('HPE_') ? 'the response is not HTTP' : error.message);
}
