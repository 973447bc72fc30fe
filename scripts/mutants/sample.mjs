import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './copy.mjs';

/** Folders to mutate, with the suites that exercise them. The first match counts. */
const PLACES = [
  ['libs/ledger/src/tables.ts', 'test/guards/catalogue test/guards/rights'],
  ['libs/spending/src/tables.ts', 'test/guards/catalogue test/guards/rights'],
  ['libs/tenants/src/tables.ts', 'test/guards/catalogue test/guards/rights'],
  ['libs/ledger/src/', 'libs/ledger libs/sales/src/checkout/credit test/journeys/credits'],
  [
    'libs/sales/src/refunds/',
    'libs/sales/src/refunds libs/sales/src/checkout apps/worker/src/refunds test/journeys/refunds',
  ],
  ['libs/sales/src/promo/', 'libs/sales/src/promo test/journeys/promo-codes'],
  ['libs/sales/src/offers/', 'libs/sales/src/offers test/journeys/ways-to-the-checkout test/journeys/payments'],
  ['libs/sales/src/subscriptions/', 'libs/sales/src/subscriptions test/journeys/subscriptions'],
  ['libs/sales/src/orders/', 'libs/sales test/journeys/checkout test/journeys/pre-checkout'],
  [
    'libs/sales/src/checkout/',
    'libs/sales test/journeys/checkout test/journeys/pre-checkout test/journeys/held-charges',
  ],
  ['libs/spending/src/', 'libs/spending test/journeys/gifts'],
  ['libs/chats/src/chat-watch', 'libs/chats test/journeys/chat test/journeys/idle-bots'],
  ['libs/chats/src/chat-', 'libs/chats test/journeys/chat test/journeys/intruders'],
  ['libs/tenants/src/bots/webhook-', 'libs/tenants/src/bots test/journeys/idle-bots test/journeys/operations'],
  ['libs/tenants/src/bots/bot-text', 'libs/tenants/src/bots test/journeys/texts'],
  ['libs/tenants/src/bots/kill-switch', 'libs/tenants/src/bots test/journeys/restrictions'],
  ['libs/tenants/src/bots/', 'libs/tenants test/journeys/bots test/journeys/removals'],
  ['libs/tenants/src/bot-imports/', 'libs/tenants/src/bot-imports test/journeys/bot-imports'],
  ['libs/tenants/src/telegram-links/', 'libs/tenants/src/telegram-links test/journeys/desk'],
  ['libs/tenants/src/saved-views/', 'libs/tenants test/journeys/order-views'],
  ['libs/tenants/src/restrictions/', 'libs/tenants test/journeys/restrictions'],
  ['libs/tenants/src/workspace/tenant-plans', 'libs/quotas test/journeys/quotas'],
  ['libs/tenants/src/workspace/', 'libs/tenants test/journeys/workspace test/journeys/erasure'],
  [
    'libs/tenants/src/accounts/',
    'libs/tenants test/journeys/credentials test/journeys/sessions test/journeys/second-factor test/journeys/mails',
  ],
  ['libs/tenants/src/', 'libs/tenants test/journeys/credentials test/journeys/sessions'],
  ['libs/vault/src/', 'libs/vault test/journeys/keys'],
  ['libs/kernel/src/', 'libs/kernel'],
];
const LEFT_OUT = /spec\.ts$|\.entity\.ts$|\.module\.ts$|index\.ts$|-view\.ts$|refusals\.ts$/;

const OTHER = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '+': '-',
  '-': '+',
};

/** Every small change of one file: typical mistakes of engineers. */
export function mutationsOf(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const add = (from, to, becomes) => {
    const start = text.lastIndexOf('\n', from) + 1;
    const end = text.indexOf('\n', to);
    found.push({ file, from, to, becomes, line: text.slice(start, end).trim(), was: text.slice(from, to) });
  };
  const visit = (node) => {
    if (ts.isThrowStatement(node) || ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isBinaryExpression(node)) {
      const other = OTHER[node.operatorToken.getText()];
      if (other !== undefined && !isExtreme(node)) add(node.operatorToken.getStart(), node.operatorToken.end, other);
    } else if (ts.isIfStatement(node)) add(node.expression.getStart(), node.expression.end, 'false');
    else if (ts.isConditionalExpression(node)) add(node.condition.getStart(), node.condition.end, 'true');
    else if (node.kind === ts.SyntaxKind.TrueKeyword) add(node.getStart(), node.end, 'false');
    else if (node.kind === ts.SyntaxKind.FalseKeyword) add(node.getStart(), node.end, 'true');
    else if (ts.isExpressionStatement(node) && /^(await )?this\./.test(node.getText()))
      add(node.getStart(), node.end, ';');
    if (isText(node) && /\b(select|update|insert|delete)\b/.test(node.getText()))
      mutateSql(node.getStart(), node.getText(), add);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** `a > b ? a : b`: when both are equal, it makes no difference which one is taken. */
function isExtreme({ parent, operatorToken, left, right }) {
  if (!/^[<>]=?$/.test(operatorToken.getText()) || !ts.isConditionalExpression(parent)) return false;
  const [one, other] = [parent.whenTrue.getText(), parent.whenFalse.getText()];
  return [left.getText(), right.getText()].every((side) => side === one || side === other) && one !== other;
}

const isText = (node) =>
  ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node) || ts.isStringLiteral(node);

/**
 * Drops conditions, moves bounds, drops locks. The tenant's condition stays, because row-level security has the same.
 */
function mutateSql(start, sql, add) {
  const each = (pattern, becomes) => {
    for (const match of sql.matchAll(pattern)) {
      if (!/tenant_id|\$\{/.test(match[0]))
        add(start + match.index, start + match.index + match[0].length, becomes(match[0]));
    }
  };
  // A parameter that is no longer used would be an error, which every suite notices.
  each(/ and [a-z_.]+ (=|<>|is|<=?|>=?) [^\s()$`']+(?=[\s`)])/g, () => '');
  each(/ and [a-z_.]+ (=|<>) '[a-z_]+'/g, () => '');
  each(/ for (no key )?update( of [a-z, ]+)?/g, () => '');
  each(/ (<=|>=) /g, (was) => was.replace('=', ''));
  each(/ [<>] /g, (was) => `${was.trimEnd()}= `);
}

/** @returns `size` mutations, drawn from all by `seed`: the same for the same sources */
export function readSample(size, seed) {
  const files = execFileSync('git', ['ls-files', 'libs/*/src/*.ts', 'libs/*/src/**/*.ts'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => PLACES.some(([place]) => file.startsWith(place)) && !LEFT_OUT.test(file));
  const all = files.flatMap((file) => mutationsOf(file, readFileSync(join(root, file), 'utf8')));
  const drawn = shuffled(all, seed).slice(0, size);
  return { of: all.length, bugs: drawn.map(asBug) };
}

function asBug(mutation) {
  const { file, from, to, becomes, line, was } = mutation;
  const [, suites] = PLACES.find(([place]) => file.startsWith(place));
  return {
    name: file,
    key: `${file}: ${line} [${short(was)} -> ${short(becomes)}]`,
    bug: `${short(was)} -> ${short(becomes)} in: ${line}`,
    proof: `vitest ${suites}`,
    needsBuild: false,
    plant: async (copy) => {
      const text = copy.read(file);
      copy.write(file, text.slice(0, from) + becomes + text.slice(to));
    },
  };
}

const short = (text) => text.replace(/\s+/g, ' ').slice(0, 60);

/** Fisher-Yates, with numbers from a seed (mulberry32). */
function shuffled(list, seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const all = [...list];
  for (let i = all.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all;
}
