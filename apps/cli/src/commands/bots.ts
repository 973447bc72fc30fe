import type { Command } from 'commander';
import { answered } from '#libs/client';
import { here, limit } from '../console/arguments.js';
import { connect } from '../console/credentials.js';
import { column, say, sayPage, stars } from '../console/say.js';
import type { Environment } from '../console/settings.js';
import { type Finding, findingsIn, findingsOf, hintsOf } from './findings.js';

export function addBotCommands(program: Command, env: Environment): void {
  const bots = program.command('bots').description('what sells');
  bots.command('list').description('list bots, newest first').addOption(limit()).action(here(env, listBots));
  program
    .command('doctor <bot>')
    .description('check a bot for problems; exits with 1 if there are any')
    .action(here(env, doctor));
  program
    .command('statement <bot>')
    .description('show the income and refunds of a bot in a period')
    .requiredOption('--from <date>', 'the first day, in UTC: 2026-11-01')
    .requiredOption('--to <date>', 'the day after the last one, in UTC: 2026-12-01')
    .option('--csv', 'line by line, as CSV')
    .action(here(env, statement));
}

async function listBots(env: Environment, options: { limit: number }, command: Command): Promise<void> {
  const api = await connect(env);
  const page = await answered(api.GET('/v1/bots', { params: { query: options } }));
  sayPage(command, page, ({ id, state, username, name }) => `${id}  ${column(state, 13)}  @${username}  ${name}`);
}

async function doctor(env: Environment, id: string, _options: object, command: Command): Promise<void> {
  const api = await connect(env);
  const params = { path: { id } };
  const bot = await answered(api.GET('/v1/bots/{id}', { params }));
  const webhook = await answered(api.GET('/v1/bots/{id}/webhook', { params }));
  const problems = await answered(api.GET('/v1/bots/{id}/problems', { params }));
  const [findings, hints] = [[...findingsOf(bot, webhook), ...findingsIn(problems)], hintsOf(webhook)];
  const lines = (found: readonly Finding[]) => found.flatMap(({ problem, remedy }) => [problem, `  -> ${remedy}`]);
  const wrong = findings.length === 0 ? ['No problems found.'] : lines(findings);
  say(command, { object: 'diagnosis', bot_id: id, findings, hints }, ...wrong, ...lines(hints));
  if (findings.length > 0) process.exitCode = 1;
}

async function statement(
  env: Environment,
  id: string,
  { from, to, csv }: { from: string; to: string; csv?: boolean },
  command: Command,
): Promise<void> {
  const api = await connect(env);
  const params = { path: { id }, query: { from, to } };
  if (csv === true) {
    const lines = await answered(api.GET('/v1/bots/{id}/statement.csv', { params, parseAs: 'stream' }));
    for await (const chunk of lines as unknown as AsyncIterable<Uint8Array>) process.stdout.write(chunk);
    return;
  }
  const { charges, refunds, earned, held, net, ...rest } = await answered(
    api.GET('/v1/bots/{id}/statement', { params }),
  );
  say(
    command,
    { ...rest, charges, refunds, earned, held, net },
    `charges  ${charges.count} (${stars(charges.stars)})`,
    `refunds  ${refunds.count} (${stars(refunds.stars)})`,
    `earned   ${stars(earned)}`,
    `held     ${stars(held)}`,
    `net      ${stars(net)}`,
  );
}
