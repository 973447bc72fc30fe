import { parseArgs } from 'node:util';

export type InboxCommand =
  | { readonly do: 'list'; readonly limit: number }
  | { readonly do: 'show' | 'replay'; readonly bot: string; readonly updateId: number }
  | { readonly do: 'resolve'; readonly bot: string; readonly updateId: number; readonly reason: string };

export const USAGE =
  'Manages Telegram updates that kept failing. Uses DATABASE_URL.\n\n  npm run inbox -- list [--limit 50]                      parked updates, oldest first\n  npm run inbox -- show <bot> <update>                    one stored update with its body\n  npm run inbox -- replay <bot> <update>                  handle it once more; effects of an earlier run are not repeated\n  npm run inbox -- resolve <bot> <update> --reason "..."  close a parked update without handling it\n\n<bot> is a bot\'s id (bot_...) and <update> the number that Telegram gave the update: list shows both.';

/**
 * @param args the arguments after the program's name
 * @returns the command, or a sentence that says what is wrong with it
 */
export function readInboxCommand(args: readonly string[]): InboxCommand | string {
  try {
    const options = { limit: { type: 'string', default: '50' }, reason: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [verb, bot, update, ...rest] = positionals;
    if (verb === 'list' && bot === undefined) return list(values.limit);
    if (verb !== 'show' && verb !== 'replay' && verb !== 'resolve') return 'Use list, show, replay or resolve.';
    const updateId = Number(update);
    if (bot === undefined || !/^\d+$/.test(update ?? '') || !Number.isSafeInteger(updateId) || rest.length > 0) {
      return `${verb} needs a bot's id and the number of an update, nothing else.`;
    }
    if (verb !== 'resolve') return { do: verb, bot, updateId };
    const reason = values.reason?.trim() ?? '';
    if (reason === '' || reason.length > 500) return 'resolve needs --reason with 1 to 500 characters.';
    return { do: 'resolve', bot, updateId, reason };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function list(limit: string): InboxCommand | string {
  const n = Number(limit);
  return Number.isInteger(n) && n >= 1 && n <= 1_000
    ? { do: 'list', limit: n }
    : '--limit is a whole number from 1 to 1000.';
}
