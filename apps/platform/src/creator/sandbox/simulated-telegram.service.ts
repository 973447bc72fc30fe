import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { DomainError, SECOND } from '#libs/kernel';
import { type Config, CONFIG } from '#libs/runtime';

const PATIENCE = 10 * SECOND;
const madeBot = z.object({ token: z.string() });

export class NoSimulator extends DomainError {
  static readonly code = 'no_simulator';
  static readonly refusal = 'conflict';
  readonly remedy = 'Create a bot with @BotFather in Telegram and register its token with POST /v1/bots.';

  constructor() {
    super('This platform does not use the simulated Telegram, so it cannot create a bot.');
  }
}

export class SimulatorAway extends DomainError {
  static readonly code = 'simulator_unavailable';
  static readonly refusal = 'unavailable';
  readonly remedy = 'Check that the simulator is running, and try again.';

  constructor() {
    super('The simulated Telegram does not respond.');
  }
}

/** Creates bots in the simulated Telegram, if this platform uses it, without BotFather. */
@Injectable()
export class SimulatedTelegram {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** The address of its chats; undefined where Telegram is not simulated. */
  get url(): string | undefined {
    return this.config.simulatorUrl;
  }

  /**
   * Creates a bot with an unused name.
   * @returns its token, which is worthless anywhere else
   * @throws NoSimulator, SimulatorAway
   */
  async createBot(name: string): Promise<string> {
    if (this.url === undefined) throw new NoSimulator();
    const response = await fetch(`${this.config.telegramApiRoot}/control/bots`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, username: usernameFor(name) }),
      signal: AbortSignal.timeout(PATIENCE),
    }).catch(() => undefined);
    if (response?.ok !== true) throw new SimulatorAway();
    const made = madeBot.safeParse(await response.json().catch(() => undefined));
    if (!made.success) throw new SimulatorAway();
    return made.data.token;
  }
}

/** Telegram's rules: 5 to 32 letters, digits and underscores, `bot` at the end. */
function usernameFor(name: string): string {
  const words = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+/, '')
    .replace(/_$/, '');
  return `${words.slice(0, 18) || 'shop'}_${randomBytes(3).toString('hex')}_bot`;
}
