#!/usr/bin/env node
import addCompletion from '@bomb.sh/tab/commander';
import { Command, CommanderError } from 'commander';
import { StarwallProblem } from '#libs/client';
import { addBotCommands } from './commands/bots.js';
import { addEventCommands } from './commands/events.js';
import { addOrderCommands } from './commands/orders.js';
import { addProductCommands } from './commands/products.js';
import { addSessionCommands } from './commands/session.js';
import { addSupportCommands } from './commands/support.js';
import { NotLoggedIn } from './console/credentials.js';
import { WrongCall } from './console/input.js';

const program = new Command('starwall')
  .description('Starwall from the command line.')
  .option('--json', 'print JSON, for programs')
  .addHelpText('after', '\nExit codes: 0 for success, 1 for a refusal or a problem, 2 for a usage error.')
  .exitOverride()
  .showHelpAfterError('(--help shows more)');

addSessionCommands(program, process.env);
addBotCommands(program, process.env);
addProductCommands(program, process.env);
addOrderCommands(program, process.env);
addSupportCommands(program, process.env);
addEventCommands(program, process.env);
addCompletion(program);

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
  return error instanceof NotLoggedIn || error instanceof WrongCall ? 2 : 1;
}
