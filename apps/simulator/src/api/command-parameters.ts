import { badRequest } from '../world/errors.js';
import type { BotCommand, MenuButton } from '../world/telegram-types.js';
import { integer, json, type Reader, type Readers, text } from './readers.js';

const commands: Reader<readonly BotCommand[]> = (input, name) => {
  const list = json('commands')(input, name) ?? [];
  if (!Array.isArray(list)) throw badRequest('expected an Array of BotCommand');
  if (list.length > 100) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  return list.map((item: unknown) => {
    const { command, description } = Object(item) as Readonly<Record<string, unknown>>;
    if (typeof command !== 'string' || typeof description !== 'string') {
      const missing = typeof command === 'string' ? 'description' : 'command';
      throw badRequest(`can't parse BotCommand: Can't find field "${missing}"`);
    }
    const bare = command.replace(/^\//, '');
    if (!/^[a-z0-9_]{1,32}$/.test(bare)) throw badRequest('BOT_COMMAND_INVALID');
    if (description === '' || description.length > 256) throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
    return { command: bare, description };
  });
};

const SCOPES =
  'default all_private_chats all_group_chats all_chat_administrators chat chat_administrators chat_member'.split(' ');

/** The `type` of a BotCommandScope; a scope of one chat carries its id. */
const scope: Reader<string> = (input, name) => {
  const value = json('BotCommandScope')(input, name);
  if (value === undefined) return 'default';
  const { type, chat_id, user_id } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof type !== 'string') throw badRequest('can\'t parse BotCommandScope: Can\'t find field "type"');
  if (!SCOPES.includes(type)) throw badRequest("can't parse BotCommandScope: unsupported type specified");
  if (!type.startsWith('chat')) return type;
  if (chat_id === undefined) throw badRequest("can't parse BotCommandScope: chat_id is empty");
  return [type, ...[chat_id, user_id].filter((part) => part !== undefined).map(asText)].join(':');
};

const asText = (part: unknown): string => (typeof part === 'string' ? part : JSON.stringify(part));

/** Two letters; empty for all other languages. */
const languageCode: Reader<string> = (input, name) => {
  const value = text(input, name);
  if (value !== '' && !/^[a-z]{2}$/.test(value)) throw badRequest('invalid language code specified');
  return value;
};

const menuButton: Reader<MenuButton | undefined> = (input, name) => {
  const value = json('menu button')(input, name);
  if (value === undefined || value === null) return undefined;
  const { type, text: label, web_app } = Object(value) as Readonly<Record<string, unknown>>;
  if (type === 'commands' || type === 'default') return { type };
  if (type !== 'web_app') throw badRequest('MenuButton has unsupported type');
  const url = Object(web_app) as { readonly url?: unknown };
  if (typeof label !== 'string' || typeof url.url !== 'string') throw badRequest('BUTTON_INVALID');
  return { type, text: label, web_app: { url: url.url } };
};

const commandList = { scope, language_code: languageCode };
const inLanguage = { language_code: languageCode };

/** Parameters of the methods that set a bot's name, descriptions, commands and menu button. */
export const COMMAND_PARAMETERS = {
  setMyCommands: { ...commandList, commands },
  getMyCommands: commandList,
  deleteMyCommands: commandList,
  setMyName: { ...inLanguage, name: text },
  getMyName: inLanguage,
  setMyDescription: { ...inLanguage, description: text },
  getMyDescription: inLanguage,
  setMyShortDescription: { ...inLanguage, short_description: text },
  getMyShortDescription: inLanguage,
  setChatMenuButton: { chat_id: integer(0), menu_button: menuButton },
  getChatMenuButton: { chat_id: integer(0) },
} satisfies Readonly<Record<string, Readers>>;
