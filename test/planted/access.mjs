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
    bug: 'The buyer stays banned after an interrupted removal.',
    was: "if (presence === 'banned' && begun) await this.door.unban(bot, chat, access.buyerId);",
    becomes: '',
    proof: 'test/journeys/chat-access',
  },
  {
    file: 'apps/worker/src/chats/access-watch.handler.ts',
    bug: 'A ban by an administrator is lifted.',
    was: "if (presence === 'banned' && begun)",
    becomes: "if (presence === 'banned')",
    proof: 'test/journeys/chat-access test/journeys/chat-obstacles',
  },
  {
    file: 'libs/chats/src/chat-door.service.ts',
    bug: 'The end of a ban is sent in milliseconds, so the ban never ends.',
    was: 'Math.floor((this.clock.now().getTime() + BAN_MS) / 1_000)',
    becomes: 'Math.floor(this.clock.now().getTime() + BAN_MS)',
    proof: 'test/journeys/chat-access',
  },
  {
    file: 'libs/chats/src/chat-door.service.ts',
    bug: 'A link that is about to expire is given out.',
    was: 'const soon = new Date(now.getTime() + SOON_MS);',
    becomes: 'const soon = now;',
    proof: 'test/journeys/chat-access test/journeys/chat-obstacles',
  },
  {
    file: 'libs/chats/src/chat-access.service.ts',
    bug: 'A link is kept after the access has ended.',
    was: 'if (access === undefined || !(await this.store.right(tx, access, now)).live) return undefined;\n    if (access.link',
    becomes: 'if (access === undefined) return undefined;\n    if (access.link',
    proof: 'libs/chats/src/chat-access.db-spec',
  },
];
