/** Bugs in access to chats: admission and removal. */
export default [
  {
    file: 'apps/worker/src/chats/access-watch.handler.ts',
    bug: 'The link is not revoked when access ends.',
    was: 'if (access.link !== null) await this.door.revoke(bot, chat, access.link);\n    const presence',
    becomes: 'const presence',
    proof: 'test/journeys/chat-access',
  },
  {
    file: 'apps/worker/src/chats/access-watch.handler.ts',
    bug: 'After a removal that was interrupted the buyer stays banned.',
    was: "if (presence === 'banned' && begun) await this.door.unban(bot, chat, access.buyerId);",
    becomes: '',
    proof: 'test/journeys/chat-access',
  },
  {
    file: 'apps/worker/src/chats/access-watch.handler.ts',
    bug: 'A ban that somebody else has made is lifted.',
    was: "if (presence === 'banned' && begun)",
    becomes: "if (presence === 'banned')",
    proof: 'test/journeys/chat-access',
  },
  {
    file: 'libs/chats/src/chat-door.service.ts',
    bug: 'A ban lasts until a moment in milliseconds, so for ever.',
    was: 'Math.floor((this.clock.now().getTime() + BAN_MS) / 1_000)',
    becomes: 'Math.floor(this.clock.now().getTime() + BAN_MS)',
    proof: 'test/journeys/chat-access',
  },
  {
    file: 'libs/chats/src/chat-door.service.ts',
    bug: 'A link that is about to expire is given out.',
    was: 'const soon = new Date(now.getTime() + SOON_MS);',
    becomes: 'const soon = now;',
    proof: 'test/journeys/chat-access',
  },
  {
    file: 'libs/chats/src/chat-access.service.ts',
    bug: 'A link is kept for an access that has ended.',
    was: 'if (access === undefined || !(await this.store.right(tx, access, now)).live) return undefined;\n    if (access.link',
    becomes: 'if (access === undefined) return undefined;\n    if (access.link',
    proof: 'libs/chats/src/chat-access.db-spec',
  },
];
