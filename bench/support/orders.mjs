/**
 * Writes a history of orders, every second one paid and with its entitlement and ledger entries, straight into the tables. The client has
 * foreign key checks disabled.
 * @param shop `{ tenantId, botId, productId }` as UUIDs
 * @param history `orders`, `buyers` to share them, and `ms`: the SQL for the time of order `n`, where 0 is the newest, in Unix milliseconds
 */
export async function fillOrders(client, { tenantId, botId, productId }, { orders, buyers, ms }) {
  /** An id with the time of order `n`. */
  const id = (kind, n) =>
    `(substr(lpad(to_hex(${ms(n)}), 12, '0'), 1, 8) || '-' || substr(lpad(to_hex(${ms(n)}), 12, '0'), 9, 4)
      || '-7${kind}00-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
  const at = (n) => `to_timestamp((${ms(n)}) / 1000.0)`;
  const run = (sql, ...parameters) => client.query(sql, parameters);
  await run(
    `insert into orders (tenant_id, id, bot_id, buyer_id, product_id, price_version, stars, state, paid_at, expires_at, created_at)
     select $1, ${id(1, 'n')}, $2, 1 + n % $5::bigint, $3, 1, 50, case n % 2 when 0 then 'paid' else 'placed' end,
       case n % 2 when 0 then ${at('n')} end, now(), ${at('n')} from generate_series($4::bigint - 1, 0, -1) n`,
    tenantId,
    botId,
    productId,
    orders,
    buyers,
  );
  await run(
    `insert into entitlements (tenant_id, id, bot_id, buyer_id, product_id, order_id, charge_id, state, starts_at)
     select $1, ${id(3, 'n')}, $2, 1, $3, ${id(1, 'n')}, ${id(2, 'n')}, 'active', now() from generate_series(0, $4::bigint - 1, 2) n`,
    tenantId,
    botId,
    productId,
    orders,
  );
  await run(
    `insert into ledger_entries (tenant_id, id, bot_id, account, stars, cause, cause_id, created_at)
     select $1, gen_random_uuid(), $2, account, 50 * side, 'charge', ${id(2, 'n')}, ${at('n')}
     from generate_series(0, $3::bigint - 1, 2) n cross join (values ('telegram', 1), ('earned', -1)) as a (account, side)`,
    tenantId,
    botId,
    orders,
  );
}
