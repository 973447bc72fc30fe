/** A bot that staff have stopped sells nothing, whatever its creator does with it. @param bot the alias of its row in SQL */
export const stateOfBot = (bot: string) =>
  `case when ${bot}.stopped_at is not null and ${bot}.state = 'active' then 'paused' else ${bot}.state end`;

/** And nothing is sent through it, as if its workspace were stopped. */
export const stateOfTenant = (bot: string, tenant: string) =>
  `case when ${bot}.stopped_at is not null and ${tenant}.state in ('active', 'warned', 'no_new_sales')
     then 'outbound_stopped' else ${tenant}.state end`;
