#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { StarwallProblem } from '#libs/client';
import { doctor, listen, listOrders, logIn, resend, trigger } from './commands.js';
import { NotLoggedIn } from './credentials.js';
import { DEFAULT_URL, type Environment, readSettings } from './settings.js';

const here =
  <Args extends readonly unknown[]>(command: (env: Environment, ...args: Args) => Promise<void>) =>
  (...args: Args) =>
    command(process.env, ...args);

/** Reads the number of an option; not one outside of its bounds. */
const number =
  (least: number, most: number, whole = false) =>
  (text: string) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(`It must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`);
  };

const program = new Command('starwall')
  .description('Starwall from the command line.')
  .option('--json', 'answer with JSON, for programs')
  .addHelpText(
    'after',
    '\nEnds with 0 when all is well, 1 when something was refused or is wrong, 2 when it was called wrongly.',
  )
  .exitOverride()
  .showHelpAfterError('(--help tells more)');

program
  .command('login')
  .description('keep a credential for the other commands, readable by you alone')
  .requiredOption('--url <url>', 'the address of the platform', readSettings(process.env).url ?? DEFAULT_URL)
  .option('--email <email>', 'log in with a password, which is read from standard input; without it an API key is read')
  .option('--code <code>', 'what the authenticator shows, for an account with a second factor')
  .action(here(logIn));

program
  .command('listen')
  .description('forward every new event of the workspace to a server on this machine, signed like a webhook')
  .requiredOption('--forward-to <url>', 'for example http://localhost:4000/hook')
  .option('--secret <whsec>', 'sign with this secret instead of a new one')
  .addOption(new Option('--interval <seconds>', 'how often to look').default(1).argParser(number(0.1, 3_600)))
  .action(here(listen));

program
  .command('trigger')
  .description('have an event sent as a test, to every endpoint of the workspace that wants its type')
  .argument('<event>', 'its type: order.paid, order.refunded, endpoint.test, ... (in live mode endpoint.test only)')
  .action(here(trigger));

program
  .command('events')
  .description('what happened')
  .command('resend <id>')
  .description('send an event again to every endpoint that wants it')
  .option('--endpoint <id>', 'to this one only')
  .action(here(resend));

program
  .command('orders')
  .description('what was sold')
  .command('list')
  .description('list orders, newest first')
  .addOption(new Option('--limit <count>', 'how many').default(20).argParser(number(1, 100, true)))
  .option('--bot <id>', 'only of this bot')
  .action(here(listOrders));

program
  .command('doctor <bot>')
  .description('look for what is wrong with a bot; ends with 1 when something is')
  .action(here(doctor));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = codeOf(error);
}

function codeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (program.opts<{ json?: boolean }>().json === true && error instanceof StarwallProblem)
    process.stderr.write(`${JSON.stringify(error.problem)}\n`);
  else process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof NotLoggedIn ? 2 : 1;
}
