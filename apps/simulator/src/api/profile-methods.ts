import { badRequest } from '../world/errors.js';
import type { COMMAND_PARAMETERS } from './command-parameters.js';
import type { Handlers } from './handlers.js';

const LONGEST_NAME = 64;
const LONGEST_DESCRIPTION = 512;
const LONGEST_SHORT_DESCRIPTION = 120;

export const profileMethods: Handlers<'getMe' | keyof typeof COMMAND_PARAMETERS> = {
  getMe({ bot }) {
    return {
      ...bot.user(),
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: bot.settings.inline,
      supports_guest_queries: false,
      can_connect_to_business: bot.settings.business,
      has_main_web_app: false,
      has_topics_enabled: false,
      allows_users_to_create_topics: false,
      can_manage_bots: false,
    };
  },

  setMyCommands({ world, bot }, { commands, scope, language_code }) {
    const key = `${scope}:${language_code}`;
    if (commands.length === 0) bot.commands.delete(key);
    else bot.commands.set(key, commands);
    world.changes.tell({ type: 'bots' });
    return true;
  },

  getMyCommands({ bot }, { scope, language_code }) {
    return bot.commands.get(`${scope}:${language_code}`) ?? [];
  },

  deleteMyCommands({ world, bot }, { scope, language_code }) {
    bot.commands.delete(`${scope}:${language_code}`);
    world.changes.tell({ type: 'bots' });
    return true;
  },

  /** The name without a language is the bot's own and cannot be removed. The refusal is MTProto's. */
  setMyName({ world, bot }, { name, language_code }) {
    const isEmpty = name.trim() === '';
    if (name.length > LONGEST_NAME || (isEmpty && language_code === '')) throw badRequest('BOT_TITLE_INVALID');
    if (language_code === '') bot.name = name.trim();
    else if (isEmpty) bot.texts.name.delete(language_code);
    else bot.texts.name.set(language_code, name.trim());
    world.changes.tell({ type: 'bots' });
    return true;
  },

  getMyName({ bot }, { language_code }) {
    return { name: bot.texts.name.get(language_code) ?? bot.name };
  },

  setMyDescription({ world, bot }, { description, language_code }) {
    if (description.length > LONGEST_DESCRIPTION) throw badRequest('description is too long');
    bot.texts.description.set(language_code, description);
    world.changes.tell({ type: 'bots' });
    return true;
  },

  setMyShortDescription({ world, bot }, { short_description, language_code }) {
    if (short_description.length > LONGEST_SHORT_DESCRIPTION) throw badRequest('short description is too long');
    bot.texts.shortDescription.set(language_code, short_description);
    world.changes.tell({ type: 'bots' });
    return true;
  },

  getMyDescription({ bot }, { language_code }) {
    return { description: bot.textFor('description', language_code) };
  },

  getMyShortDescription({ bot }, { language_code }) {
    return { short_description: bot.textFor('shortDescription', language_code) };
  },

  setChatMenuButton({ world, bot }, { chat_id, menu_button }) {
    bot.menuButtons.set(chat_id, menu_button ?? { type: 'default' });
    world.changes.tell({ type: 'bots' });
    return true;
  },

  getChatMenuButton({ bot }, { chat_id }) {
    return bot.menuButtons.get(chat_id) ?? bot.menuButtons.get(0) ?? { type: 'commands' };
  },
};
