import { createHmac, createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { Dice } from './random.mjs';

/**
 * Starts a creator's server that misbehaves: it fails, accepts a webhook and loses its answer, or hangs. It records webhooks by
 * `webhook-id`, and checks that signatures are valid and that a repetition equals the first delivery.
 */
export async function startReceiver(seed, name, hangs) {
  const dice = new Dice(seed, `receiver ${name}`);
  const receiver = {
    /** The accepted ids, each with a digest of its content. */
    taken: new Map(),
    struck: { fail: 0, lose_answer: 0, hang: 0 },
    forged: 0,
    contradicted: 0,
    secret: undefined,
    misbehaves: true,
  };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => answer(receiver, dice, hangs, request, response, Buffer.concat(chunks).toString('utf8')));
    request.on('error', () => undefined);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${server.address().port}/webhooks`;
  receiver.close = () => {
    server.close();
    server.closeAllConnections();
  };
  return receiver;
}

function answer(receiver, dice, hangs, request, response, body) {
  const fault = receiver.misbehaves ? faultOf(dice, receiver.struck.hang < hangs) : undefined;
  if (fault !== undefined) receiver.struck[fault] += 1;
  if (fault === 'fail') return response.writeHead(500).end();
  if (fault === 'hang') return undefined;
  take(receiver, request.headers, body);
  if (fault === 'lose_answer') return request.socket.destroy();
  return response.writeHead(204).end();
}

function faultOf(dice, mayHang) {
  const drawn = dice.fraction();
  if (drawn < 0.04) return 'fail';
  if (drawn < 0.08) return 'lose_answer';
  return drawn < 0.1 && mayHang ? 'hang' : undefined;
}

function take(receiver, headers, body) {
  const id = String(headers['webhook-id']);
  const key = Buffer.from(String(receiver.secret).replace('whsec_', ''), 'base64');
  const signed = createHmac('sha256', key).update(`${id}.${headers['webhook-timestamp']}.${body}`).digest('base64');
  // After a rotation, the former secret signs for a while, too.
  if (!String(headers['webhook-signature']).split(' ').includes(`v1,${signed}`)) receiver.forged += 1;
  const digest = createHash('sha256').update(body).digest('base64');
  const before = receiver.taken.get(id);
  if (before !== undefined && before !== digest) receiver.contradicted += 1;
  receiver.taken.set(id, digest);
}
