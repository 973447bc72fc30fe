import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { letterOf } from './letter.js';
import { Mailer, MailRefused } from './mailer.service.js';

const LETTER = letterOf(
  'new_device',
  { at: '2026-12-01T09:00:00Z', network: null, user_agent: null },
  { publicUrl: 'http://x' },
);
const TO = 'mira@example.com';

let server: Server;
let received: string;
/** The server's answer to RCPT TO. */
let verdict: string;

/** Implements the part of SMTP (RFC 5321) that an email needs. */
beforeEach(async () => {
  received = '';
  verdict = '250 fine';
  server = createServer((socket) => {
    let inData = false;
    socket.write('220 test\r\n');
    socket.on('data', (chunk) => {
      for (const line of String(chunk).split('\r\n')) {
        if (inData) {
          received += `${line}\n`;
          if (line !== '.') continue;
          inData = false;
          socket.write('250 queued\r\n');
        } else if (/^RCPT/i.test(line)) socket.write(`${verdict}\r\n`);
        else if (/^DATA/i.test(line)) {
          inData = true;
          socket.write('354 go on\r\n');
        } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
        else if (line !== '') socket.write('250 fine\r\n');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => void server.close());

const mailer = () => {
  const { port } = server.address() as AddressInfo;
  const smtp = { url: `smtp://127.0.0.1:${port}`, from: 'Starwall <no-reply@starwall.example>' };
  return new Mailer({ smtp, simulatorUrl: undefined, telegramApiRoot: '' });
};

it('an email is sent in both forms, with a Message-ID that does not change between attempts', async () => {
  await mailer().send('an-id', TO, LETTER);
  expect(received).toContain('To: mira@example.com');
  expect(received).toContain('From: Starwall <no-reply@starwall.example>');
  expect(received).toContain('Message-ID: <an-id@starwall.example>');
  expect(received).toContain('Content-Type: text/plain');
  expect(received).toContain('Content-Type: text/html');
});

it('permanent refusals differ from temporary ones, and errors repeat no text that may contain the address', async () => {
  verdict = `550 no such user ${TO}`;
  const final = await mailer()
    .send('an-id', TO, LETTER)
    .catch((error: unknown) => error);
  expect(final).toBeInstanceOf(MailRefused);
  verdict = `451 busy, ${TO}`;
  const passing = await mailer()
    .send('an-id', TO, LETTER)
    .catch((error: unknown) => error);
  expect(passing).not.toBeInstanceOf(MailRefused);
  for (const error of [final, passing]) expect((error as Error).message).not.toContain('mira');
  expect((passing as Error).message).toContain('451');
});

it('another attempt is possible when the server is unavailable', async () => {
  const away = mailer();
  server.close();
  await expect(away.send('an-id', TO, LETTER)).rejects.toThrow('ESOCKET');
});
