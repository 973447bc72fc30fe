/**
 * SQL: a bot's effective state. One that staff have stopped sells nothing, whatever its creator does with it, and one
 * whose token is refused during its removal cannot send.
 * @param bot the alias of its row in SQL
 */
export const stateOfBot = (bot: string) =>
  `case when ${bot}.stopped_at is not null and ${bot}.state = 'active' then 'paused'
     when ${bot}.token_refused_at is not null then 'token_invalid' else ${bot}.state end`;

/** SQL: the tenant's effective state for this bot. A stopped bot sends nothing, as if its workspace were stopped. */
export const stateOfTenant = (bot: string, tenant: string) =>
  `case when ${bot}.stopped_at is not null and ${tenant}.state in ('active', 'warned', 'no_new_sales')
     then 'outbound_stopped' else ${tenant}.state end`;

/** SQL: true when the bot of this alias is running at Telegram, or being removed. */
export const botRuns = (bot: string) => `${bot}.state in ('active', 'paused', 'removing')`;
