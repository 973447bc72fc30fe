import { codeBlock, type Html, html, type Links, prose } from './html.js';

interface Step {
  readonly title: string;
  readonly text: string;
  readonly code: string;
}

interface Guide {
  readonly title: string;
  readonly about: string;
  readonly shell: string;
  readonly steps: readonly Step[];
  readonly facts: string;
  readonly manners: readonly (readonly [string, string])[];
}

const AUTHORIZED = `  -H "Authorization: Bearer $STARWALL_API_KEY"`;
const JSON_BODY = `  -H 'Content-Type: application/json'`;

const call = (method: string, path: string, body?: string) =>
  [
    `curl -sS ${method === 'GET' ? '' : `-X ${method} `}"$API${path}"`,
    AUTHORIZED,
    ...(body === undefined ? [] : [JSON_BODY, `  -d '${body}'`]),
  ].join(' \\\n');

const SIGN_UP = (origin: string) => `API=${origin}
curl -sS "$API/v1/auth/sign-up" \\
${JSON_BODY} \\
  -d '{
    "email": "me@example.com",
    "password": "correct horse battery",
    "workspace": "My shop"
  }'`;
const KEY = `curl -sS "$API/v1/api-keys" \\
  -H "Authorization: Bearer $ACCESS_TOKEN" \\
${JSON_BODY} \\
  -d '{
    "name": "My server",
    "scopes": [
      "bots:read", "bots:write", "orders:read",
      "products:read", "products:write",
      "refunds:write", "endpoints:write"
    ]
  }'
export STARWALL_API_KEY=sw_test_...`;
const BOT = `${call('POST', '/v1/sandbox/bots', '{"name": "My shop"}')}

# With the real Telegram: the token from @BotFather
${call('POST', '/v1/bots', '{"token": "123456789:AA..."}')}`;
const PRODUCT = call(
  'POST',
  '/v1/products',
  `{
    "bot_id": "bot_...",
    "kind": "text",
    "title": "A secret",
    "description": "One good sentence.",
    "content": "Be kind.",
    "stars": 50,
    "state": "active"
  }`,
);
const ORDERS = call('GET', '/v1/orders?payment_state=paid');
const ENDPOINT = call('POST', '/v1/endpoints', '{"url": "https://shop.example.com/webhooks"}');
const REFUND = `curl -sS -X POST "$API/v1/orders/ord_.../refunds" \\
${AUTHORIZED} \\
  -H 'Idempotency-Key: refund-1' \\
${JSON_BODY} \\
  -d '{"reason": "As the buyer asked."}'`;

const GUIDES: Readonly<Record<'en' | 'ru', (origin: string) => Guide>> = {
  en: (origin) => ({
    title: 'The first ten minutes',
    about:
      'Starwall sells inside Telegram bots for Telegram Stars. Seven requests take you from nothing to a sale and its refund. Where Telegram is simulated, no Stars move.',
    shell: 'Shell',
    steps: [
      {
        title: 'Sign up',
        text: 'The response contains an `access_token`, valid for 15 minutes. Keep it as `ACCESS_TOKEN`.',
        code: SIGN_UP(origin),
      },
      {
        title: 'Create an API key',
        text: 'Programs use a key. POST /v1/api-keys shows it once. A key from a simulated Telegram begins with `sw_test_`, one for real Stars with `sw_live_`.',
        code: KEY,
      },
      {
        title: 'Add a bot',
        text: 'POST /v1/sandbox/bots creates one in the simulator. POST /v1/bots takes the token of a real one.',
        code: BOT,
      },
      {
        title: 'Describe a product',
        text: 'POST /v1/products supports every kind: texts, files, licence keys, subscriptions, access to chats, goods that your server makes. Stars are whole numbers.',
        code: PRODUCT,
      },
      {
        title: 'Buy it',
        text: 'Open the bot, send /start, and pay. A moment later GET /v1/orders lists the order, paid and delivered.',
        code: ORDERS,
      },
      {
        title: 'Be told',
        text: 'POST /v1/endpoints registers your server. Keep the `secret` in the response: every webhook is signed with it.',
        code: ENDPOINT,
      },
      {
        title: 'Refund the Stars',
        text: 'POST /v1/orders/{id}/refunds moves money, so it needs an `Idempotency-Key`: repeating the request with the same key has no further effect.',
        code: REFUND,
      },
    ],
    facts: 'Conventions',
    manners: [
      [
        'Credentials',
        'Send `Authorization: Bearer` with an API key. A key has scopes; the error `missing_scope` names the missing one.',
      ],
      [
        'Repeating',
        'Every write accepts an `Idempotency-Key`. If a response was lost, repeat the request with the same key to get the first response.',
      ],
      [
        'Lists',
        'Lists are newest first, with `limit` items per page. While `has_more` is true, request the next page with `starting_after`.',
      ],
      [
        'Limits',
        'Every response has `RateLimit-Remaining` and `RateLimit-Reset`. After a 429, wait for the number of seconds in `Retry-After`.',
      ],
      [
        'Refusals',
        'An error has a `code` to switch on and a `remedy` to read. Quote the `Request-Id` when you contact us.',
      ],
      [
        'Amounts and times',
        'Amounts are whole Stars. Times are in UTC, in ISO 8601 format. Ids are strings with a prefix: `ord_`, `prod_`, `bot_`.',
      ],
    ],
  }),
  ru: (origin) => ({
    title: 'Первые десять минут',
    about:
      'Starwall продаёт внутри ботов Telegram за Telegram Stars. От пустого места до продажи и возврата — семь запросов. Там, где Telegram имитируется, звёзды не списываются. Сам справочник — на английском.',
    shell: 'Терминал',
    steps: [
      {
        title: 'Зарегистрируйтесь',
        text: 'В ответе будет `access_token`, он живёт 15 минут. Сохраните его как `ACCESS_TOKEN`.',
        code: SIGN_UP(origin),
      },
      {
        title: 'Создайте ключ API',
        text: 'Программы работают с ключом. POST /v1/api-keys показывает его один раз. Ключ имитации начинается с `sw_test_`, ключ для настоящих звёзд — с `sw_live_`.',
        code: KEY,
      },
      {
        title: 'Добавьте бота',
        text: 'POST /v1/sandbox/bots создаёт бота в имитации. POST /v1/bots принимает токен настоящего.',
        code: BOT,
      },
      {
        title: 'Опишите товар',
        text: 'POST /v1/products знает все виды: тексты, файлы, лицензионные ключи, подписки, доступ в чаты и то, что делает ваш сервер. Звёзды — целые числа.',
        code: PRODUCT,
      },
      {
        title: 'Купите его',
        text: 'Откройте бота, отправьте /start и заплатите. Через мгновение GET /v1/orders покажет заказ: оплачен и выдан.',
        code: ORDERS,
      },
      {
        title: 'Узнавайте о продажах',
        text: 'POST /v1/endpoints называет ваш сервер. Сохраните `secret` из ответа: им подписан каждый вебхук.',
        code: ENDPOINT,
      },
      {
        title: 'Верните звёзды',
        text: 'POST /v1/orders/{id}/refunds двигает деньги, поэтому нужен `Idempotency-Key`: тот же запрос с тем же ключом действует один раз.',
        code: REFUND,
      },
    ],
    facts: 'Что верно везде',
    manners: [
      [
        'Доступ',
        'Передавайте `Authorization: Bearer` с ключом API. У ключа есть права; `missing_scope` называет недостающее.',
      ],
      [
        'Повторы',
        'Каждая запись принимает `Idempotency-Key`. Ответ потерялся — повторите с тем же ключом и получите первый ответ.',
      ],
      [
        'Списки',
        'Списки идут от новых к старым, по `limit` штук. Пока `has_more` — true, спрашивайте дальше со `starting_after`.',
      ],
      [
        'Лимиты',
        'В каждом ответе есть `RateLimit-Remaining` и `RateLimit-Reset`. После 429 подождите столько секунд, сколько в `Retry-After`.',
      ],
      [
        'Отказы',
        'У отказа есть `code` для программы и `remedy` для человека. `Request-Id` назовёт запрос, если вы напишете нам.',
      ],
      [
        'Суммы и время',
        'Суммы — целые звёзды. Время — UTC в ISO 8601. Идентификаторы — текст с префиксом: `ord_`, `prod_`, `bot_`.',
      ],
    ],
  }),
};

/** Renders the guide to a first sale, and the conventions that all routes share. */
export function guidePage(language: 'en' | 'ru', links: Links, origin: string): Html {
  const { title, about, shell, steps, facts, manners } = GUIDES[language](origin);
  const sections = steps.map(
    (step, index) =>
      html`<section class="operation step"><div class="about"><h2><span class="number">${index + 1}</span> ${step.title}</h2><p>${prose(step.text, links)}</p></div><div class="examples">${codeBlock(step.code, shell)}</div></section>`,
  );
  const rules = manners.map(([name, text]) => html`<div><dt>${name}</dt><dd>${prose(text, links)}</dd></div>`);
  return html`<header class="intro"><h1>${title}</h1><p>${about}</p></header>${sections}<section class="manners"><h2>${facts}</h2><dl>${rules}</dl></section>`;
}
