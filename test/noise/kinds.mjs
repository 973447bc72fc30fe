const KIB = 1024;
const MIB = 1024 * KIB;
const JSON_TYPE = 'application/json';
const BOUNDARY = 'noise';

/** Canonical ordering of these misordered marks is quadratic in a naive normaliser. */
const marks = (bytes) => `a${'\u0315\u0300\u05ae'.repeat(Math.floor(bytes / 6))}`;
const nested = (bytes) => `${'{"a":'.repeat(30)}[${'0,'.repeat(bytes / 2 - 120)}0]${'}'.repeat(30)}`;
const bait = (bytes) => `${'a'.repeat(bytes / 2)}@${'a.'.repeat(bytes / 4 - 8)}!`;

function file(content) {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="keys.csv"\r\nContent-Type: text/csv\r\n\r\n`;
  return { body: `${head}${content}\r\n--${BOUNDARY}--\r\n`, type: `multipart/form-data; boundary=${BOUNDARY}` };
}

/**
 * Returns requests with which a creator or a stranger can keep the platform busy: one of each kind, to be sent repeatedly.
 * @param {{ botId: string, productId: string, key: string }} loud the creator who sends them: a bot, a product with licence keys and an API
 * key
 */
export function kindsOf({ botId, productId, key }) {
  const creator = { authorization: `Bearer ${key}` };
  const post = (path, body, type = JSON_TYPE, headers = creator) => ({ method: 'POST', path, body, type, headers });
  const product = (title) =>
    post(
      '/v1/products',
      JSON.stringify({ bot_id: botId, kind: 'text', title, description: title, stars: 5, content: title }),
    );
  const keys = (content) => {
    const { body, type } = file(content);
    return post(`/v1/products/${productId}/keys/file`, body, type);
  };
  const stranger = (path, body) => post(path, body, JSON_TYPE, {});
  return {
    'marks in a title': product(marks(30 * KIB)),
    'marks in a file': keys(marks(700 * KIB)),
    'nesting, by a stranger': stranger('/v1/auth/logout', nested(100 * KIB)),
    'nesting, by a creator': post('/v1/products', nested(100 * KIB)),
    'newlines in a file': keys('\n'.repeat(4 * MIB)),
    'long lines in a file': keys(`${'k'.repeat(MIB)}\n`.repeat(4)),
    '10,000 keys in a file': keys(Array.from({ length: 10_000 }, (_, n) => `KEY-${n}-${'x'.repeat(20)}`).join('\n')),
    'regex bait in a login': stranger('/v1/auth/login', JSON.stringify({ email: bait(90 * KIB), password: 'x' })),
    'regex bait in an address': post('/v1/endpoints', JSON.stringify({ url: `https://${bait(90 * KIB)}` })),
    'wrong passwords': stranger(
      '/v1/auth/login',
      JSON.stringify({ email: 'quiet@starwall.example', password: 'wrong' }),
    ),
    'no credential': { method: 'GET', path: '/v1/orders?limit=100', headers: {} },
    'no such key': {
      method: 'GET',
      path: '/v1/orders',
      headers: { authorization: `Bearer sw_test_${'A'.repeat(49)}` },
    },
  };
}
