import type { BotSettings, Environment } from './bot.js';

/** Settings to change; omitted ones do not change. */
export type SomeSettings = { readonly [Name in keyof BotSettings]?: BotSettings[Name] | undefined };

export interface NewBot {
  readonly username: string;
  readonly name: string;
  /** A known token instead of a random one, so that a bot survives a restart of the simulator. */
  readonly token?: string | undefined;
  /** The environment of the bot; `production` if omitted. */
  readonly environment?: Environment | undefined;
  readonly settings?: SomeSettings | undefined;
}

export interface NewPerson {
  readonly first_name: string;
  readonly last_name?: string | undefined;
  readonly username?: string | undefined;
  readonly language_code?: string | undefined;
  readonly is_premium?: boolean | undefined;
  readonly id?: number | undefined;
}
