import type { Message } from 'grammy/types';
import { MAX_ARGUMENTS } from '#libs/catalog';
import { normalText, textProblem, type TextRule } from '#libs/kernel';

const ARGUMENTS: TextRule = { max: MAX_ARGUMENTS, unit: 'code points', lines: true, marks: true };

/** A command as somebody sent it. */
export interface TypedCommand {
  /** Without its slash, in small letters: a phone may begin a message with a capital. */
  readonly name: string;
  /** What stands after it; null for nothing. */
  readonly arguments: string | null;
}

/** @returns undefined for what is no command, or one for another bot */
export function commandIn(message: Pick<Message, 'text' | 'entities'>, username: string): TypedCommand | undefined {
  const { text = '', entities = [] } = message;
  const entity = entities.find(({ type, offset }) => type === 'bot_command' && offset === 0);
  if (entity === undefined) return undefined;
  const [name = '', bot = username] = text.slice(1, entity.length).split('@');
  if (bot.toLowerCase() !== username.toLowerCase()) return undefined;
  const rest = normalText(text.slice(entity.length).trim(), ARGUMENTS);
  return { name: name.toLowerCase(), arguments: rest === '' ? null : rest };
}

/** Why a command cannot be run like this. `how`: something is missing, or cannot be read. */
export function argumentsProblem(typed: string | null, needed: boolean): 'how' | 'too_long' | undefined {
  if (typed === null) return needed ? 'how' : undefined;
  if ([...typed].length > ARGUMENTS.max) return 'too_long';
  return textProblem(typed, ARGUMENTS) === undefined ? undefined : 'how';
}
