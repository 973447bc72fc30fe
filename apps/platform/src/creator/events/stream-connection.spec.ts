import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { StreamConnection } from './stream-connection.js';

let server: Server;
let client: Socket;
let response: ServerResponse;

beforeEach(async () => {
  const asked = new Promise<ServerResponse>((resolve) => {
    server = createServer((_, answer) => resolve(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined);
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  response = await asked;
});
afterEach(() => {
  client.destroy();
  server.close();
});

const event = (id: string, text = '') => ({ id, type: 'order.paid', data: text });

it('a connection sends missed events before live ones, and each event once', async () => {
  const connection = new StreamConnection(response);
  connection.live(event('evt_2'));
  connection.live(event('evt_3'));
  await connection.missed(event('evt_1'));
  await connection.missed(event('evt_2'));
  connection.caughtUp();
  connection.live(event('evt_4'));
  connection.end();
  const said = String((await once(client, 'data'))[0]);
  expect([...said.matchAll(/id: (\S+)/g)].map(([, id]) => id)).toEqual(['evt_1', 'evt_2', 'evt_3', 'evt_4']);
});

it('a connection is closed when its client stops reading', async () => {
  const connection = new StreamConnection(response);
  const ended = vi.fn<() => void>();
  connection.onEnd(ended);
  connection.caughtUp();
  client.pause();
  const long = 'x'.repeat(20_000);
  for (let n = 0; n < 2_000 && connection.open; n += 1) connection.live(event(`evt_${n}`, long));
  expect(connection.open).toBe(false);
  expect(ended).toHaveBeenCalledTimes(1);
});
