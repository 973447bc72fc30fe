import { type Creator, eventually, type Reachable, type RegisteredBot } from './starwall.js';

/** The rights of a bot that admits and removes buyers. */
export const DOORKEEPER = {
  status: 'administrator',
  rights: { can_invite_users: true, can_restrict_members: true },
} as const;

export type ChatKind = 'group' | 'supergroup' | 'channel';

/** Creates a chat in the simulator and makes the bot its administrator. @returns the chat's Telegram id */
export async function openChat(
  starwall: Reachable,
  bot: RegisteredBot,
  type: ChatKind,
  standing: Parameters<Reachable['telegram']['setMember']>[2] = DOORKEEPER,
): Promise<number> {
  const owner = await starwall.telegram.createUser({ first_name: 'Olga' });
  const { id } = await starwall.telegram.createSharedChat({ type, title: 'VIP', ownerId: owner.id });
  await starwall.telegram.setMember(id, bot.telegramId, standing);
  return id;
}

/** Waits for the chat to appear in the API. @returns it */
export const chatAt = (creator: Creator, telegramId: number) =>
  eventually('the chat', async () => {
    const { data } = (await creator.get('/v1/chats?limit=100').expect(200)).body;
    return (data as { readonly id: string; readonly telegram_id: number }[]).find(
      (it) => it.telegram_id === telegramId,
    );
  });

/** @returns the public id of a chat that the bot administers */
export async function connectChat(
  starwall: Reachable,
  creator: Creator,
  bot: RegisteredBot,
  type: ChatKind,
): Promise<string> {
  return (await chatAt(creator, await openChat(starwall, bot, type))).id;
}
