import { setTimeout as pause } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { answered, type Schema, type StarwallClient } from '#libs/client';
import { given, here, limit, number } from '../console/arguments.js';
import { connect } from '../console/credentials.js';
import { minute, say, sayPage } from '../console/say.js';
import type { Environment } from '../console/settings.js';
import { forward, NewEvents, newSecret } from './forwarding.js';
import { patiently } from './patience.js';

export function addEventCommands(program: Command, env: Environment): void {
  program
    .command('listen')
    .description('forward every new event of the workspace to a server on this machine, signed like a webhook')
    .requiredOption('--forward-to <url>', 'for example http://localhost:4000/hook')
    .option('--secret <whsec>', 'sign with this secret instead of a new one')
    .addOption(new Option('--interval <seconds>', 'polling interval').default(1).argParser(number(0.1, 3_600)))
    .action(here(env, listen));
  program
    .command('trigger')
    .description('send a test event to every endpoint of the workspace that subscribes to its type')
    .argument('<event>', 'its type: order.paid, order.refunded, endpoint.test, ... (in live mode endpoint.test only)')
    .action(here(env, trigger));

  const events = program.command('events').description('what happened');
  events
    .command('list')
    .description('list events, newest first')
    .addOption(limit())
    .option('--type <type>', 'only events of this type, for example order.paid')
    .option('--order <id>', 'only events of this order')
    .action(here(env, listEvents));
  events.command('show <id>').description('show an event and where it was sent').action(here(env, showEvent));
  events
    .command('resend <id>')
    .description('send an event again to every endpoint that subscribes to it')
    .option('--endpoint <id>', 'only to this endpoint')
    .action(here(env, resend));
}

async function listen(
  env: Environment,
  options: { forwardTo: string; secret?: string; interval: number },
  command: Command,
): Promise<void> {
  const api = await connect(env);
  const secret = options.secret ?? newSecret();
  const events = new NewEvents(api);
  await events.look();
  const ready = { object: 'listening', forward_to: options.forwardTo, secret };
  say(command, ready, `Forwarding to ${options.forwardTo}. Verify with the secret ${secret}. Press Ctrl+C to stop.`);
  const intervalMs = options.interval * 1_000;
  const warn = (line: string) => void process.stderr.write(`${line}\n`);
  for (;;) {
    for (const event of await patiently(intervalMs, warn, () => events.look())) {
      const done = await forward(event, options.forwardTo, secret);
      const outcome = done.status ?? done.error ?? 'no answer';
      say(command, { object: 'forwarded', ...done }, `${outcome}  ${done.type}  ${done.id}`);
    }
    await pause(intervalMs);
  }
}

async function trigger(env: Environment, event: string, _options: object, command: Command): Promise<void> {
  const api = await connect(env);
  if (event === 'endpoint.test') return sendTest(api, command);
  const body = { type: event as Schema<'TriggerEvent'>['type'] };
  const sent = await answered(api.POST('/v1/events/trigger', { body }));
  say(command, sent, `${sent.event_id} is being sent to ${endpoints(sent)}; starwall listen shows it as well.`);
}

async function sendTest(api: StarwallClient, command: Command): Promise<void> {
  const { data } = await answered(api.GET('/v1/endpoints', { params: {} }));
  if (data.length === 0) throw new Error('The workspace has no endpoint. Create one with POST /v1/endpoints.');
  for (const { id, url } of data) {
    const sent = await answered(api.POST('/v1/endpoints/{id}/test', { params: { path: { id } } }));
    say(command, { ...sent, endpoint_id: id }, `${sent.event_id} is being sent to ${url}`);
  }
}

async function listEvents(
  env: Environment,
  options: { limit: number; type?: Schema<'Event'>['type']; order?: string },
  command: Command,
): Promise<void> {
  const api = await connect(env);
  const query = given({ limit: options.limit, type: options.type, order_id: options.order });
  const page = await answered(api.GET('/v1/events', { params: { query } }));
  sayPage(command, page, ({ id, type, timestamp: at }) => `${id}  ${minute(at)}  ${type}`);
}

async function showEvent(env: Environment, id: string, _options: object, command: Command): Promise<void> {
  const api = await connect(env);
  const event = await answered(api.GET('/v1/events/{id}', { params: { path: { id } } }));
  say(command, event, JSON.stringify(event, null, 2));
}

async function resend(env: Environment, id: string, options: { endpoint?: string }, command: Command): Promise<void> {
  const api = await connect(env);
  const body = given({ endpoint_id: options.endpoint });
  const sent = await answered(api.POST('/v1/events/{id}/resend', { params: { path: { id } }, body }));
  say(command, sent, `${id} is being sent to ${endpoints(sent)}.`);
}

const endpoints = ({ count }: { readonly count: number }) => `${count} endpoint${count === 1 ? '' : 's'}`;
