/** The jobs that set the menus of these bots at Telegram, one for each. */
export const menuJobs = (botIds: readonly { readonly botId: string }[]) =>
  [...new Set(botIds.map(({ botId }) => botId))].map((subject) => ({ kind: 'bot.menu', subject }) as const);
