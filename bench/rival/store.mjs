import pg from 'pg';

/** Prepared once per connection, because they have names. */
const STATEMENTS = {
  meet: `insert into buyers (telegram_id, first_name, username, language_code) values ($1, $2, $3, $4)
         on conflict (telegram_id) do update
         set first_name = excluded.first_name, username = excluded.username, language_code = excluded.language_code, seen_at = now()`,
  place: `with p as (select id, title, description, stars from products where id = $1 and on_sale),
          o as (insert into orders (buyer_id, product_id, stars) select $2, id, stars from p returning id)
          select o.id, p.title, p.description, p.stars from o, p`,
  // Locks the order and the buyer, so that two concurrent orders of one buyer cannot exceed a limit.
  lock: `select o.buyer_id::text as "buyerId", o.state, o.stars, o.expires_at as "expiresAt", o.approved_at as "approvedAt", p.stars as price,
           p.on_sale as "onSale", p.limit_per_buyer as "limit", o.product_id as "productId"
         from orders o join products p on p.id = o.product_id join buyers b on b.telegram_id = o.buyer_id
         where o.id = $1 for no key update of o, b`,
  bought: `select count(*)::int as n from orders where buyer_id = $1 and product_id = $2 and state = 'paid'`,
  approve: `update orders set state = 'approved', approved_at = now() where id = $1`,
  charge: `insert into charges (telegram_charge_id, order_id, buyer_id, stars) values ($1, $2, $3, $4) on conflict do nothing`,
  pay: `update orders set state = 'paid', paid_at = coalesce(paid_at, now()), charge_id = $2
        where id = $1 and (charge_id is null or charge_id = $2)`,
  goods: `select o.id, o.buyer_id::text as "buyerId", o.stars, o.paid_at as "paidAt", o.delivered_at as "deliveredAt", p.title, p.content
          from orders o join products p on p.id = o.product_id where o.id = $1`,
  delivered: `update orders set delivered_at = now() where id = $1`,
  undelivered: `select id from orders where state = 'paid' and delivered_at is null and paid_at < now() - interval '1 minute' limit 100`,
};

export const newPool = (connectionString) => new pg.Pool({ connectionString, max: 20 });

/** @param client a pool or one of its connections */
export async function run(client, name, values = []) {
  const { rows, rowCount } = await client.query({ name, text: STATEMENTS[name], values });
  return { rows, count: rowCount };
}

export async function inTransaction(pool, work) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
