import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isSafe } from 'redos-detector';
import ts from 'typescript';
import { wholeRun } from '../support/sample.js';

/**
 * Patterns for which the detector finds slow inputs, each with the reason why such an input cannot be sent. Remove patterns that are no
 * longer in the code, or that are safe.
 */
const EXCUSED: readonly (readonly [pattern: RegExp, because: string])[] = [
  [/\.+$/, 'a host name of a URL of at most 2,048 characters (address-guard.ts)'],
  [
    /(^|\.)(localhost|local|internal|intranet|lan|home|corp|localdomain|home\.arpa|in-addr\.arpa|ip6\.arpa|onion|test|invalid|example)$/,
    'a host name of a URL of at most 2,048 characters, and a dot begins each try (address-guard.ts)',
  ],
  [/\/+$/, 'a setting of the operator, read once (config.ts)'],
  [/\/0+$/, 'a setting of the operator, read once (networks.ts)'],
  [/\p{M}{31}/u, 'a try that fails has looked at 31 characters (text.ts)'],
  [/(\p{M}{30})\p{M}+/gu, 'a try that fails has looked at 31 characters (file.ts)'],
  [/\{([a-z_]+)\}(\.?)/g, 'a { begins each try, and another one ends it (template.ts)'],
  [/[.\s]+$/, 'a reason of at most 500 characters (timeline.ts)'],
  [/\d{3,16}:[A-Za-z0-9_-]{30,}/g, 'a colon begins each try and ends it (redact.ts)'],
  [
    /\beyJ[A-Za-z0-9_-]{1,500}\.[A-Za-z0-9_-]{1,2000}\.[A-Za-z0-9_-]+/g,
    'a try that fails has looked at 2,500 characters at most (redact.ts)',
  ],
  [
    /(\b[a-z][a-z0-9+]{0,19}:\/\/[^\s:/@]{0,200}):[^\s@/]{1,500}@/g,
    'a try that fails has looked at 20 characters, or at 700 behind a :// (redact.ts)',
  ],
  [/(?:\$|\/invoice\/|invoice\?slug=)([\w-]+)$/, 'the simulator, and a $ or / begins each try (checkout.ts)'],
  [
    /(?<![\w@/])https?:\/\/[^\s<>"]*[^\s<>".,;:!?)']/g,
    'the simulator, in a text of at most 4,096 characters (entities.ts)',
  ],
  [
    /\s*(?:([^\s=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?|(>))/y,
    'the simulator, in a text of at most 4,096 characters (html.ts)',
  ],
  [/\{\w+\}/g, 'a path of our own routes (pages.ts)'],
  [/`(\w+)`/g, 'descriptions of our own routes, once per process (model.ts)'],
  [
    /(`[^`]+`|\b(?:GET|POST|PUT|PATCH|DELETE) \/v1\/[\w/{}-]*[\w}])/,
    'our own reference, once per process (reference/html.ts)',
  ],
  [
    /("(?:[^"\\]|\\.)*"(?:\s*:)?|'(?:[^'\\]|\\.)*'|^\s*#.*|(?<=\s)\/\/ .*|\b(?:-?\d+(?:\.\d+)?|true|false|null)\b)/m,
    'examples of our own reference, once per process (reference/html.ts)',
  ],
];

/** Patterns that are assembled at run time, by their source text. */
const MADE = ['`^sw_(?:live|test)_[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`'];

interface Pattern {
  /** The source text: a literal, or the first argument of `new RegExp`. */
  readonly text: string;
  readonly pattern: RegExp | undefined;
}

function patternsOf(source: string): Pattern[] {
  const found: Pattern[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push({ text: node.text, pattern: new RegExp(node.text.slice(1, end), node.text.slice(end + 1)) });
    }
    const makes = (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp';
    if (makes) {
      const [given] = node.arguments ?? [];
      const text = given?.getText() ?? '';
      if (given === undefined || !ts.isRegularExpressionLiteral(given))
        found.push({ text, pattern: given && ts.isStringLiteralLike(given) ? new RegExp(given.text) : undefined });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
  return found;
}

/**
 * The detector's verdicts on the product's patterns, by hash, because judging all of them takes seconds. `npm run check` judges all of them
 * again. `VERDICTS=write npx vitest run test/guards/patterns` writes the file.
 */
const VERDICTS = 'test/guards/pattern-verdicts.json';
const { version: detector } = JSON.parse(readFileSync('node_modules/redos-detector/package.json', 'utf8')) as {
  readonly version: string;
};
const known = new Map<string, boolean>(judgesAll() ? [] : Object.entries(JSON.parse(readFileSync(VERDICTS, 'utf8'))));

function isSlow(pattern: RegExp): boolean {
  const key = createHash('sha256')
    .update(`${detector} ${String(pattern)}`)
    .digest('hex')
    .slice(0, 16);
  const verdict = known.get(key) ?? judge(pattern);
  known.set(key, verdict);
  return verdict;
}

// Limits steps rather than seconds, so that a busy machine finds no false positives.
const judge = (pattern: RegExp) => !isSafe(pattern, { timeout: 60_000, maxScore: 50, maxSteps: 5_000 }).safe;

function judgesAll(): boolean {
  return wholeRun() || process.env['VERDICTS'] === 'write';
}

/** @returns the text of each pattern that an input can make slow, or that cannot be judged in advance */
function slowIn(patterns: readonly Pattern[]): string[] {
  return patterns.flatMap(({ text, pattern }) => (pattern === undefined || isSlow(pattern) ? [text] : []));
}

function everyPattern(): Map<string, Pattern> {
  const files = ['apps', 'libs'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => `${room}/${file}`),
  );
  const sources = files.filter((file) => /\.(?:ts|js|mjs)$/.test(file) && !file.endsWith('spec.ts'));
  const found = sources.flatMap((file) => patternsOf(readFileSync(file, 'utf8')));
  return new Map(found.map((one) => [one.text, one]));
}

describe('attack 28: a regular expression with catastrophic backtracking', () => {
  it('is not in the product, except for listed ones with a reason', () => {
    const patterns = everyPattern();
    expect(patterns.size).toBeGreaterThan(80);
    const excused = [...EXCUSED.map(([pattern]) => String(pattern)), ...MADE];
    expect(slowIn([...patterns.values()]).toSorted()).toEqual(excused.toSorted());
    if (process.env['VERDICTS'] === 'write')
      writeFileSync(
        VERDICTS,
        `${JSON.stringify(Object.fromEntries([...known].toSorted(([a], [b]) => a.localeCompare(b))), undefined, 2)}\n`,
      );
  }, 300_000);

  it.each([
    'const nested = /^(\\w+\\s?)*$/;',
    'const either = /(a|a)*b/.exec(text);',
    "const twice = new RegExp('(x+x+)+y');",
    'const trailing = text.replace(/\\s+$/, "");',
    "const given = new RegExp(pattern, 'u');",
  ])('is detected: %s', (source) => expect(slowIn(patternsOf(source))).toHaveLength(1));

  it.each(['const id = /^[0-9a-f]{8}$/;', 'const words = text.split(/,/);'])('is not reported: %s', (source) =>
    expect(slowIn(patternsOf(source))).toEqual([]),
  );
});
