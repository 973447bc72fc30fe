import { ALLOWED_UPDATES, tokenPlace, WEBHOOK_PREFIX } from '../../dist/libs/tenants/src/bots/bot.js';
import { Database, makeDataSource } from '../../dist/libs/database/src/index.js';
import { newUuid, publicId } from '../../dist/libs/kernel/src/index.js';
import { newSecret, sha256 } from '../../dist/libs/tenants/src/index.js';
import { MasterKeys, SecretBox } from '../../dist/libs/vault/src/index.js';
import { updatesOf } from './sale.mjs';

const AT_ONCE = 8;
const GOODS = { title: 'Guide', description: 'A guide', stars: 50, content: 'The goods of the crowd' };

/**
 * Registers many bots, each in its own workspace and with one product, by writing the rows that the API would write:
 * thousands of sign-ups would take minutes. Their tokens are sealed with the installation's key.
 * @returns shops that can sell
 */
export async function registerCrowd(starwall, count) {
  const { owner, telegram, env } = starwall;
  const members = Array.from({ length: count }, () => newMember(telegram, env.INGRESS_PUBLIC_URL));
  const column = (of) => members.map(of);
  await owner.query(
    `insert into tenants (id, name, plan_id) select id, 'Crowd', 'business' from unnest($1::uuid[]) as t (id)`,
    [column((member) => member.tenantId)],
  );
  const sealed = await sealTokens(env, members);
  await owner.query(
    `insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state)
     select tenant_id, id, telegram_id, info->>'username', 'Shop', info, sealed, 'last', 'active'
     from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::jsonb[], $5::bytea[]) as b (tenant_id, id, telegram_id, info, sealed)`,
    [
      column((member) => member.tenantId),
      column((member) => member.botId),
      column(({ bot }) => bot.id),
      column(({ bot }) => JSON.stringify(telegram.me(bot))),
      sealed,
    ],
  );
  await owner.query(
    `insert into bot_routes (path_key, telegram_id, owner_tenant, bot_id, secret_hash)
     select * from unnest($1::text[], $2::bigint[], $3::uuid[], $4::uuid[], $5::bytea[])`,
    [
      column((member) => member.pathKey),
      column(({ bot }) => bot.id),
      column((member) => member.tenantId),
      column((member) => member.botId),
      column(({ bot }) => sha256(bot.webhook.secret)),
    ],
  );
  await owner.query(
    `insert into products (tenant_id, id, bot_id, kind, title, description, price_version, stars, content)
     select tenant_id, id, bot_id, 'text', $4, $5, 1, $6, $7 from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as p (tenant_id, id, bot_id)`,
    [
      column((member) => member.tenantId),
      column((member) => member.product),
      column((member) => member.botId),
      GOODS.title,
      GOODS.description,
      GOODS.stars,
      GOODS.content,
    ],
  );
  await owner.query(
    'insert into price_versions (tenant_id, product_id, version, stars) select tenant_id, id, 1, stars from products where content = $1',
    [GOODS.content],
  );
  await owner.query('analyze');
  return members.map(({ bot, product }) => ({
    bot,
    productId: publicId('product', product),
    stars: GOODS.stars,
    content: GOODS.content,
    updates: updatesOf(bot),
  }));
}

function newMember(telegram, ingressUrl) {
  const bot = telegram.newBot();
  const pathKey = newSecret();
  const url = `${ingressUrl}${WEBHOOK_PREFIX}/${pathKey}`;
  bot.webhook = { url, secret: newSecret(), allowed: ALLOWED_UPDATES };
  return { bot, pathKey, tenantId: newUuid(), botId: newUuid(), product: newUuid() };
}

async function sealTokens(env, members) {
  const url = Object.assign(new URL(env.DATABASE_URL), { search: '?options=-c%20synchronous_commit%3Doff' });
  const pool = { name: 'bench', size: AT_ONCE, statementTimeoutMs: 10_000, connectionWaitMs: 60_000 };
  const source = await makeDataSource(url.href, pool).initialize();
  try {
    const db = new Database(source);
    const box = new SecretBox(new MasterKeys(Buffer.from(env.STARWALL_MASTER_KEY, 'base64')), {
      now: () => new Date(),
    });
    const seal = ({ bot, tenantId, botId }) =>
      db.inTenant(tenantId, (tx) => box.seal(tx, bot.token, tokenPlace(botId)));
    const sealed = [];
    for (let from = 0; from < members.length; from += AT_ONCE)
      sealed.push(...(await Promise.all(members.slice(from, from + AT_ONCE).map(seal))));
    return sealed;
  } finally {
    await source.destroy();
  }
}
