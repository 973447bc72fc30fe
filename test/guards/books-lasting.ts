import { AGO, type Plant, sql } from './books-plant.js';

/** Violations of the invariants of subscriptions and access to chats. */
export const LASTING_PLANTS: Readonly<Record<string, Plant>> = {
  subscription_without_sale: sql(
    `update orders set billing = 'purchase' where tenant_id = $1 and id = $2`,
    (t) => t.subOrder,
  ),
  subscription_reaches_elsewhere: sql(
    `update subscriptions set paid_until = paid_until - interval '1 day' where tenant_id = $1`,
  ),
  subscription_miscounted: sql('update subscriptions set renewals = 2 where tenant_id = $1'),
  renewal_unpaid: sql(`update orders set state = 'approved' where tenant_id = $1 and id = $2`, (t) => t.renewalOrder),
  subscription_outlived: sql(`update subscriptions set access_until = ${AGO} where tenant_id = $1`),
  subscription_wish_forgotten: sql(`update subscriptions set wish = 'cancel' where tenant_id = $1`),
  charged_by_a_removed_bot: sql(`update bots set state = 'removed' where tenant_id = $1`),
  removal_left_alone: sql(`update bots set state = 'removing' where tenant_id = $1`),

  access_without_payment: sql(
    `update entitlements set state = 'revoked' where tenant_id = $1 and product_id = $2`,
    (t) => t.access,
  ),
  access_not_given: sql('delete from chat_accesses where tenant_id = $1'),
  kept_out_and_left_alone: sql(
    `update chat_accesses set state = 'invited', failure = 'too many channels', failed_at = ${AGO}, updated_at = ${AGO} where tenant_id = $1`,
  ),
  access_outlived: sql(`update chat_accesses set access_until = ${AGO} where tenant_id = $1`),
  sold_without_rights: sql('update products set chat_ready = false where tenant_id = $1 and id = $2', (t) => t.access),
  chat_known_twice: sql(
    `insert into chats (tenant_id, id, bot_id, telegram_id, type, title, standing, can_invite, can_remove, looked_at, former_telegram_id)
     select tenant_id, gen_random_uuid(), bot_id, telegram_id - 1, type, title, standing, can_invite, can_remove, looked_at, telegram_id
     from chats where tenant_id = $1`,
  ),
  merged_chat_in_use: sql(
    `with survivor as (
       insert into chats (tenant_id, id, bot_id, telegram_id, type, title, standing, can_invite, can_remove, looked_at)
       select tenant_id, gen_random_uuid(), bot_id, telegram_id - 2, type, title, standing, can_invite, can_remove, looked_at
       from chats where tenant_id = $1 returning id
     ) update chats set merged_into = survivor.id from survivor where tenant_id = $1`,
  ),
};
