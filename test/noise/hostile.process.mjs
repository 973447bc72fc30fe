// Sends one request repeatedly over a number of connections, until its standard input ends. It is a separate process,
// so that the cost of sending does not distort the measurement, and it gets only the CPU time that Starwall leaves,
// because attackers use their own machines.
import { Agent, request } from 'node:http';
import { constants, setPriority } from 'node:os';

const { url, connections, kind } = JSON.parse(process.argv[2]);
const { kindsOf } = await import('./kinds.mjs');
const { method, path, body = '', type, headers } = kindsOf(kind.loud)[kind.name];
setPriority(constants.priority.PRIORITY_LOW);
const payload = Buffer.from(body);
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const answered = {};
let running = true;

function once() {
  return new Promise((resolve) => {
    const all = { ...headers, ...(type && { 'content-type': type, 'content-length': payload.length }) };
    const sent = request(`${url}${path}`, { method, agent, headers: all, timeout: 20_000 }, (answer) => {
      answer.resume().once('close', () => resolve(answer.statusCode));
    });
    sent.once('timeout', () => sent.destroy());
    sent.once('error', () => resolve('no answer'));
    sent.end(payload);
  });
}

async function again() {
  while (running) {
    const status = await once();
    answered[status] = (answered[status] ?? 0) + 1;
    // Pauses, so that immediate refusals do not make this process the bottleneck.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

process.stdin.resume().once('end', () => (running = false));
await Promise.all(Array.from({ length: connections }, again));
process.stdout.write(JSON.stringify(answered));
process.stdin.destroy();
agent.destroy();
