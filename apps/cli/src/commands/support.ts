import { type Command, Option } from 'commander';
import { answered, type Schema } from '#libs/client';
import { given, here, limit } from '../console/arguments.js';
import { connect } from '../console/credentials.js';
import { textOf } from '../console/input.js';
import { column, minute, say, sayPage } from '../console/say.js';
import type { Environment } from '../console/settings.js';

export function addSupportCommands(program: Command, env: Environment): void {
  const support = program.command('support').description("buyers' questions");
  support
    .command('list')
    .description('list conversations, newest first')
    .addOption(limit())
    .addOption(new Option('--state <state>', 'only in this state').choices(['open', 'answered', 'closed']))
    .action(here(env, listThreads));
  support.command('show <id>').description('show a conversation').action(here(env, showThread));
  support
    .command('answer <id> <text>')
    .description('answer a buyer; the text may be @file, or - for standard input')
    .action(here(env, answer));
  support.command('close <id>').description('close a conversation').action(here(env, close));
}

async function listThreads(env: Environment, options: { limit: number; state?: string }, command: Command) {
  const api = await connect(env);
  const page = await answered(api.GET('/v1/support-threads', { params: { query: given(options) as object } }));
  sayPage(command, page, threadLine);
}

const threadLine = ({
  id,
  state,
  last_message_at: at,
  buyer_telegram_id: buyer,
  order_id: order,
}: Schema<'SupportThread'>) => `${id}  ${minute(at)}  ${column(state, 8)}  buyer ${buyer}  ${order ?? 'no order'}`;

async function showThread(env: Environment, id: string, _options: object, command: Command): Promise<void> {
  const api = await connect(env);
  const thread = await answered(api.GET('/v1/support-threads/{id}', { params: { path: { id } } }));
  say(command, thread, threadLine(thread), ...thread.messages.map(messageLine));
}

const messageLine = ({ created_at: at, direction, text, file }: Schema<'SupportMessage'>) =>
  `  ${minute(at)}  ${column(direction, 7)}  ${text}${file === null ? '' : ` [${file.kind}${file.name === null ? '' : ` ${file.name}`}]`}`;

async function answer(env: Environment, id: string, text: string, _options: object, command: Command) {
  const api = await connect(env);
  const body = { text: await textOf(text) };
  const sent = await answered(api.POST('/v1/support-threads/{id}/messages', { params: { path: { id } }, body }));
  say(command, sent, `${sent.id} is being sent to the buyer.`);
}

async function close(env: Environment, id: string, _options: object, command: Command): Promise<void> {
  const api = await connect(env);
  const thread = await answered(api.POST('/v1/support-threads/{id}/close', { params: { path: { id } } }));
  say(command, thread, `${thread.id} is closed.`);
}
