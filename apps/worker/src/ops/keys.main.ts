import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { withDatabase } from '#libs/database';
import { DomainError } from '#libs/kernel';
import { redact, withSecretFiles } from '#libs/runtime';
import { type Keys, newMasterKey, openKeys, rotateData, rotateMaster, rotateSigning, status } from './keys-commands.js';
import type { Told } from './keys-words.js';

const DATABASE_TIMEOUT_MS = 120_000;

const program = new Command('npm run keys --')
  .description('Manages the keys for secrets and tokens. Reads DATABASE_URL and the settings of the master keys.')
  .option('--json', 'print JSON, for programs')
  .addHelpText('after', '\nExit status: 0 for success, 1 for a refusal or a problem, 2 for a usage error.')
  .exitOverride()
  .showHelpAfterError('(--help shows more)');

program
  .command('status')
  .description('show which values are encrypted with which key; exits with 1 when a needed key is not set')
  .action(onKeys(status));
program
  .command('new-master')
  .description('print a new master key; with KMS_KEY_ID one that is encrypted by the KMS')
  .action(printing(() => newMasterKey(withSecretFiles(process.env))));
program
  .command('rotate-master')
  .description('wrap every data key with the current master key; may be repeated at any time')
  .action(onKeys(rotateMaster));
program
  .command('rotate-data [owner]')
  .description('create new data keys and encrypt everything again with them; continues after an interruption')
  .addHelpText('after', '\n<owner> is a workspace (ten_...) or "platform"; all if omitted.')
  .action((owner?: string) => onKeys((keys) => rotateData(keys, owner))());
program
  .command('rotate-signing [purpose]')
  .description('create a new key that signs tokens; tokens of the former one stay valid until they expire')
  .option('--now', 'reject tokens of the former key immediately, because it was stolen')
  .action((purpose: string | undefined, options: { readonly now?: true }) =>
    onKeys((keys) => rotateSigning(keys, purpose, options.now === true))(),
  );

/** Prints the result of a command, and exits with 1 if it is bad. */
function printing(command: () => Promise<Told>): () => Promise<void> {
  return async () => {
    const { words, facts, well } = await command();
    const { json } = program.opts<{ json?: true }>();
    process.stdout.write(`${json ? JSON.stringify(facts, undefined, 2) : words}\n`);
    if (!well) process.exitCode = 1;
  };
}

function onKeys(command: (keys: Keys) => Promise<Told>): () => Promise<void> {
  const options = { name: 'keys-command', statementTimeoutMs: DATABASE_TIMEOUT_MS };
  const report = (sentence: string) => void process.stderr.write(`${sentence}\n`);
  return printing(() =>
    withDatabase(withSecretFiles(process.env)['DATABASE_URL'], options, async (db) =>
      command(await openKeys(withSecretFiles(process.env), db, report)),
    ),
  );
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    const words =
      error instanceof DomainError
        ? `${error.message} ${error.remedy}`
        : String(error instanceof Error ? error.message : error);
    process.stderr.write(`${redact(words)}\n`);
    process.exitCode = 1;
  }
}
