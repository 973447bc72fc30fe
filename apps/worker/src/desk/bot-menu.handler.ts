import { Injectable } from '@nestjs/common';
import type { Api } from 'grammy';
import { type ListedCommand, PaidCommandReader } from '#libs/catalog';
import { Database } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import { messageOf } from '#libs/runtime';
import { judge, Telegram } from '#libs/telegram';
import { BotDirectory, type MemberChat, MENU_SCOPE, menuIn, type OpenBot, TelegramLinks } from '#libs/tenants';
import { LANGUAGES, type Language } from '#libs/texts';
import { commandsOf } from './desk.js';
import { DESK_TEXTS } from './desk-texts.js';
import { type JobHandler, type JobOutcome, untilToken } from '../jobs/job-handler.js';

/**
 * Sets a bot's menu and profile texts at Telegram, in every language: when a bot starts, when its creator rewords them,
 * when a product's command is added or removed, and when a member is linked or unlinked: their own chat has a menu with
 * the commands that their role allows.
 */
@Injectable()
export class BotMenuHandler implements JobHandler {
  readonly kind = 'bot.menu';

  constructor(
    private readonly db: Database,
    private readonly commands: PaidCommandReader,
    private readonly links: TelegramLinks,
    private readonly directory: BotDirectory,
    private readonly telegram: Telegram,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    // The cache may be older than the change that this job is about.
    this.directory.forget(job.subject);
    const bot = await this.directory.open(job.tenantId, job.subject);
    // The removal itself deletes the menu.
    if (bot === undefined || bot.state === 'removing') return { kind: 'done' };
    if (bot.state === 'token_invalid') return untilToken();
    const [commands, members] = await this.db.inTenant(job.tenantId, (tx) =>
      Promise.all([this.commands.list(tx, bot.botId), this.links.chatsOf(tx, bot.botId)]),
    );
    try {
      const api = this.telegram.api(bot.token);
      for (const language of LANGUAGES) await tell(api, bot, commands, language);
      for (const member of members) await tellMember(api, bot, commands, member);
      return { kind: 'done' };
    } catch (error) {
      const said = messageOf(error);
      const verdict = judge(error);
      if (verdict.kind === 'token_invalid') return untilToken(said);
      return { kind: 'retry', error: said, ...(verdict.kind === 'retry' ? { afterMs: verdict.afterMs } : {}) };
    }
  }
}

/**
 * Sets the menu and texts of one language. Telegram shows English to people whose language has none (Bot API,
 * setMyCommands: an empty `language_code`).
 */
async function tell(api: Api, bot: OpenBot, commands: readonly ListedCommand[], language: Language): Promise<void> {
  const words = bot.words(language);
  const shop = bot.info.first_name;
  const whose = language === 'en' ? {} : { language_code: language };
  await api.setMyCommands(menuIn(words, commands), { ...MENU_SCOPE, ...whose });
  // The list for all chats would also appear in groups, where the bot does not answer.
  await api.deleteMyCommands(whose);
  await api.setMyDescription(words.say('profile.description', { shop }), whose);
  await api.setMyShortDescription(words.say('profile.about', { shop }), whose);
}

/** Telegram accepts this many commands (Bot API, setMyCommands). */
const MOST_COMMANDS = 100;

/**
 * Sets the menu in one member's chat, or removes it for a person who is no longer a member. There it replaces the menu
 * of all chats, so it repeats that menu's commands. If Telegram refuses because the person has blocked the bot, the
 * chat keeps its menu.
 */
async function tellMember(
  api: Api,
  bot: OpenBot,
  commands: readonly ListedCommand[],
  { telegramId, role }: MemberChat,
): Promise<void> {
  const scope = { type: 'chat', chat_id: telegramId } as const;
  for (const language of LANGUAGES) {
    const whose = { scope, ...(language === 'en' ? {} : { language_code: language }) };
    try {
      if (role === undefined) await api.deleteMyCommands(whose);
      else {
        const own = commandsOf({ role }).map((command) => ({
          command,
          description: DESK_TEXTS[language].commands[command],
        }));
        const menu = [...own, ...menuIn(bot.words(language), commands)];
        await api.setMyCommands(menu.slice(0, MOST_COMMANDS), whose);
      }
    } catch (error) {
      const { kind } = judge(error);
      if (kind !== 'refused' && kind !== 'unreachable') throw error;
      return;
    }
  }
}
