import type { Message } from 'grammy/types';
import { MAX_ARGUMENTS } from '#libs/catalog';
import { normalText, textProblem, type TextRule } from '#libs/kernel';

const ARGUMENTS: TextRule = { max: MAX_ARGUMENTS, unit: 'code points', lines: true, marks: true };

/** A command from a message. */
export interface TypedCommand {
  /** Without its slash, in lower case: a phone may begin a message with a capital. */
  readonly name: string;
  /** The text after it; null if there is none. */
  readonly arguments: string | null;
}

/** @returns undefined if the text is not a command, or addresses another bot */
export function commandIn(message: Pick<Message, 'text' | 'entities'>, username: string): TypedCommand | undefined {
  const { text = '', entities = [] } = message;
  const entity = entities.find(({ type, offset }) => type === 'bot_command' && offset === 0);
  if (entity === undefined) return undefined;
  const [name = '', bot = username] = text.slice(1, entity.length).split('@');
  if (bot.toLowerCase() !== username.toLowerCase()) return undefined;
  const rest = normalText(text.slice(entity.length).trim(), ARGUMENTS);
  return { name: name.toLowerCase(), arguments: rest === '' ? null : rest };
}

/** Returns the reason why a command cannot run; undefined if it can. `how`: the text is missing or unreadable. */
export function argumentsProblem(typed: string | null, needed: boolean): 'how' | 'too_long' | undefined {
  if (typed === null) return needed ? 'how' : undefined;
  if ([...typed].length > ARGUMENTS.max) return 'too_long';
  return textProblem(typed, ARGUMENTS) === undefined ? undefined : 'how';
}
