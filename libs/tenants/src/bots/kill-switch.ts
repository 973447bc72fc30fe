/**
 * What a bot can do now: one that staff have stopped sells nothing, whatever its creator does with it, and one whose token is refused
 * while it is being removed cannot speak. @param bot the alias of its row in SQL
 */
export const stateOfBot = (bot: string) =>
  `case when ${bot}.stopped_at is not null and ${bot}.state = 'active' then 'paused'
     when ${bot}.token_refused_at is not null then 'token_invalid' else ${bot}.state end`;

/** And nothing is sent through it, as if its workspace were stopped. */
export const stateOfTenant = (bot: string, tenant: string) =>
  `case when ${bot}.stopped_at is not null and ${tenant}.state in ('active', 'warned', 'no_new_sales')
     then 'outbound_stopped' else ${tenant}.state end`;

/** SQL: whether the bot of this alias is at work at Telegram, or about to leave it. */
export const botRuns = (bot: string) => `${bot}.state in ('active', 'paused', 'removing')`;
