import type { MockInstance } from 'vitest';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { HOSTILE_ANSWERS, HOSTILE_URLS, OWN_HOST, PUBLIC_URLS } from '../../../../test/support/hostile-addresses.js';
import { type ReceiverMode, WebhookReceiver } from '../../../../test/support/webhook-receiver.js';
import { Names, Outbound, UnsafeAddress } from '../index.js';
import type { Download } from './outbound.service.js';

const development = { loopbackWebhooks: true, publicUrl: 'http://127.0.0.1:3000', ingressUrl: 'http://127.0.0.1:3001' };
const production = { loopbackWebhooks: false, publicUrl: 'https://api.example', ingressUrl: `https://${OWN_HOST}` };

/** Has shorter timeouts than the real one. */
class Impatient extends Outbound {
  protected override readonly limits = { connectMs: 150, totalMs: 300 };
  protected override readonly downloadLimits = this.limits;
}

/** A hostile name server that answers each query differently. */
class HostileNames extends Names {
  asked = 0;

  constructor(private readonly answers: readonly string[][]) {
    super();
  }

  override addressesOf(): Promise<string[]> {
    this.asked += 1;
    return Promise.resolve([...(this.answers[Math.min(this.asked, this.answers.length) - 1] ?? [])]);
  }
}

let receiver: WebhookReceiver;
beforeEach(async () => {
  receiver = await WebhookReceiver.start();
});
afterEach(() => receiver.stop());

/** A busy machine may take as long as the product allows; only calls meant to time out get little time. */
const patient = () => new Outbound(development, new Names());
const impatient = () => new Impatient(development, new Names());

const post = (mode: ReceiverMode, outbound = patient()) => {
  receiver.mode = mode;
  return outbound.post(receiver.url, { 'x-test': 'yes' }, '{"a":"ü"}');
};

describe("attack 24: a call to a stranger's address", () => {
  it('posts the body and returns the response', async () => {
    const answer = await post('ok');
    expect([answer.status, answer.body.toString()]).toEqual([200, 'thanks']);
    expect(receiver.received).toEqual([
      { headers: expect.objectContaining({ 'x-test': 'yes', 'content-length': '10' }), body: '{"a":"ü"}' },
    ]);
  });

  it('does not follow a redirect', async () => {
    expect(await post('redirect')).toMatchObject({ status: 302 });
    expect(receiver.received).toHaveLength(1);
  });

  it('gives up after a timeout', async () => {
    await expect(post('hang', impatient())).rejects.toThrow('no response in time');
  });

  it('reads 4 kB of a huge response and disconnects', async () => {
    expect((await post('huge')).body).toHaveLength(4_096);
  });

  it('refuses a flood of headers', async () => {
    await expect(post('talkative')).rejects.toThrow('the response headers are larger than 16 kB');
  });

  it('returns the received part of a response that drips endlessly', async () => {
    expect(await post('drip', impatient())).toMatchObject({ status: 200 });
  });

  it('does not decompress the response', async () => {
    expect((await post('zipped')).body.toString()).toBe('not gzip at all');
  });

  it('reports a refused connection', async () => {
    const { url } = receiver;
    await receiver.stop();
    await expect(patient().post(url, {}, '')).rejects.toThrow('the connection was refused');
    receiver = await WebhookReceiver.start();
  });

  it('gives up on a connection that is never established', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const call = impatient().post(`https://127.0.0.1:${port}/`, {}, '');
    await expect(call).rejects.toThrow('no connection in time');
    silent.close();
  });
});

describe('a download', () => {
  const read = async (answer: Download) => {
    let bytes = 0;
    for await (const chunk of answer.body) bytes += chunk.length;
    return [answer.status, bytes];
  };
  const get = (mode: ReceiverMode, outbound = patient()) => {
    receiver.mode = mode;
    return outbound.get(receiver.url, { accept: '*/*' }, read);
  };

  it('streams its content unchanged', async () => {
    expect(await get('huge')).toEqual([200, 5_000_000]);
    expect(await get('redirect')).toEqual([302, 0]);
    expect(await get('zipped')).toEqual([200, 'not gzip at all'.length]);
    expect(receiver.received[0]).toMatchObject({ headers: { accept: '*/*', 'accept-encoding': 'identity' }, body: '' });
  });

  it.each(['hang', 'drip'] as const)('ends when it takes too long: %s', async (mode) => {
    await expect(get(mode, impatient())).rejects.toThrow('no response in time');
  });

  it('is aborted when its reader gives up', async () => {
    receiver.mode = 'drip';
    const giveUp = () => Promise.reject(new Error('enough'));
    await expect(patient().get(receiver.url, {}, giveUp)).rejects.toThrow('enough');
  });
});

describe('attack 23: a hostile address', () => {
  const everyUrl = Object.values(HOSTILE_URLS).flat();
  const read = () => Promise.resolve('read');
  let connections: MockInstance;
  beforeEach(() => {
    connections = vi.spyOn(Socket.prototype, 'connect');
  });
  afterEach(() => connections.mockRestore());

  it('is refused when it is saved and when it is called, without any connection', async () => {
    const outbound = new Impatient(production, new HostileNames([['93.184.216.34']]));
    const refusals = await Promise.allSettled(
      everyUrl.flatMap((url) => [outbound.vet(url), outbound.post(url, {}, 'x'), outbound.get(url, {}, read)]),
    );
    const refused = refusals.filter((it) => it.status === 'rejected' && it.reason instanceof UnsafeAddress);
    expect(refused).toHaveLength(3 * everyUrl.length);
    expect(connections).not.toHaveBeenCalled();
  });

  it.each(HOSTILE_ANSWERS.map((answer) => [answer]))(
    'is refused when its name resolves to %j, without any connection',
    async (answer) => {
      const url = 'https://shop.example.com/';
      const outbound = () => new Impatient(production, new HostileNames([[...answer]]));
      await expect(outbound().vet(url)).rejects.toThrow(UnsafeAddress);
      await expect(outbound().post(url, {}, '')).rejects.toThrow(UnsafeAddress);
      await expect(outbound().get(url, {}, read)).rejects.toThrow(UnsafeAddress);
      expect(connections).not.toHaveBeenCalled();
    },
  );

  it('is refused if its name was public when it was saved but no longer is', async () => {
    const outbound = new Impatient(production, new HostileNames([['93.184.216.34'], ['127.0.0.1']]));
    expect((await outbound.vet('https://rebinding.example.com/')).hostname).toBe('rebinding.example.com');
    await expect(outbound.post('https://rebinding.example.com/', {}, '')).rejects.toThrow(UnsafeAddress);
    expect(connections).not.toHaveBeenCalled();
  });

  it('is accepted if its name cannot be resolved now, because it is checked again on every call', async () => {
    class NoNames extends Names {
      override addressesOf(): Promise<string[]> {
        return Promise.reject(new Error('the host name has no address'));
      }
    }
    const outbound = new Impatient(production, new NoNames());
    expect((await outbound.vet('https://shop.example.com/')).href).toBe('https://shop.example.com/');
    await expect(outbound.post('https://shop.example.com/', {}, '')).rejects.toThrow('no address');
    expect(connections).not.toHaveBeenCalled();
  });

  it.each(PUBLIC_URLS)('does not include a public address: %s', async (given, kept) => {
    const outbound = new Impatient(production, new HostileNames([['93.184.216.34', '2606:4700:4700::1111']]));
    expect((await outbound.vet(given)).href).toBe(kept);
  });

  it.each([300, 301, 302, 303, 304, 305, 307, 308])('is not reached through a redirect with %d', async (status) => {
    let reached = 0;
    const inside = createServer((socket) => {
      reached += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(inside, 'listening');
    const { port } = inside.address() as AddressInfo;
    for (const location of [`http://127.0.0.1:${port}/`, `//localhost:${port}/`, `https://127.0.0.1:${port}/`]) {
      const redirecting = createHttpServer((request, response) => {
        request.resume();
        response.writeHead(status, { location }).end();
      }).listen(0, '127.0.0.1');
      await once(redirecting, 'listening');
      const url = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}/`;
      expect(await patient().post(url, {}, 'x')).toMatchObject({ status });
      redirecting.close();
    }
    expect(reached).toBe(0);
    inside.close();
  });
});

describe('a host name', () => {
  it('is resolved once, and the connection goes to the checked address', async () => {
    const names = new HostileNames([['127.0.0.1'], ['10.0.0.1']]);
    const host = `rebinding-${randomBytes(4).toString('hex')}.example.com`;
    const outbound = new Outbound(development, names);
    const answer = await outbound.post(receiver.url.replace('127.0.0.1', host), {}, 'x');
    expect([answer.status, names.asked]).toEqual([200, 1]);
    expect(receiver.received[0]?.headers['host']).toContain(host);
    await expect(outbound.post(receiver.url.replace('127.0.0.1', host), {}, 'x')).rejects.toThrow('refused');
  });

  it('causes a readable error if it has no address', async () => {
    await expect(impatient().post('http://nothing.invalid/', {}, '')).rejects.toThrow(/no address|in time/);
  });
});
