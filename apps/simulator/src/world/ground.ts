import type { Bot, PrivateChat } from './bot.js';
import type { Changes } from './changes.js';
import type { MovableClock } from './clock.js';
import type { Person } from './person.js';
import type { Random } from './random.js';
import type { UpdateKind, UpdatePayloads } from './telegram-types.js';

/** The shared parts of the world: time, chance, chats, and ways to notify bots and watchers. */
export interface Ground {
  readonly clock: MovableClock;
  readonly random: Random;
  readonly changes: Changes;
  readonly bots: ReadonlyMap<number, Bot>;
  readonly people: ReadonlyMap<number, Person>;
  bot(id: number): Bot;
  person(id: number): Person;
  chat(bot: Bot, person: Person): PrivateChat;
  publish<Kind extends UpdateKind>(bot: Bot, kind: Kind, owner: number, payload: UpdatePayloads[Kind]): void;
}
