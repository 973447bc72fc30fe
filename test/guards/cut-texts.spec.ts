import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * Values that may be truncated to a length, because they were not written by people. Texts by people are truncated by `clip` or `splitText`
 * of the kernel, which keep characters whole: Telegram refuses a message with half a character.
 */
const EXCUSED: Readonly<Record<string, readonly string[]>> = {
  'a list': [
    '(await this.audit.list(tx, { limit: SHOWN })).slice(0, SHOWN)',
    '[...lanes].slice(0, 2 * this.settings.maxConnections)',
    '[...text].slice(0, -1)',
    'account.lots.slice(0, MAX_LOTS_SHOWN)',
    'again.slice(0, LINES)',
    'next.slice(-MOST)',
    'tooLong.slice(0, LINES)',
    'WIDTHS.slice(0, lines)',
    'days.slice(-2 * length, -length)',
    'days.slice(-30)',
    'days.slice(0, 30)',
    'name .split(/\\s+/) .slice(0, count)',
    'rows.slice(0, LATEST)',
    'days.slice(-length)',
    'characters.slice(-shown)',
    'entitlements.slice(0, ENTITLEMENTS)',
    'found.slice(0, PAGE)',
    'found.slice(0, SHOWN)',
    'groups.slice(0, MOST_GROUPS)',
    'issues.slice(0, 50)',
    'menu.slice(0, MOST_COMMANDS)',
    'listed.slice(0, PAGE)',
    'names.slice(0, 50)',
    'newest.slice(0, SHOWN_MESSAGES)',
    'parsed.octets.slice(0, 3)',
    'parts .slice(0, count)',
    "readFileSync(file, 'utf8').trimEnd().split('\\n').slice(-12)",
    'rows.slice(0, MAX_ENTRIES)',
    'rows.slice(0, limit)',
    'this.#entries.slice(-Math.ceil(this.capacity * 0.9))',
    'this.queue .pending() .slice(0, limit)',
    'visits.flatMap((v) => v.heads.map((id): Head => [v.tenantId, v.botId, id])).slice(0, limit)',
    'best.slice(0, PRODUCTS_SHOWN)',
    'words.slice(0, MOST_WORDS)',
  ],
  'an id, a key, a hash or a date, all of them ASCII': [
    "createHash('sha256').update(tag).digest('hex').slice(0, 8)",
    "createHash('sha256').update(version).digest('base64url').slice(0, 4)",
    'code.slice(0, 2)',
    'gift.id.slice(-4)',
    'hex.slice(0, 2)',
    'hex.slice(0, 8)',
    'uuid.slice(0, 18)',
    'id.slice(-TAIL)',
    'id.slice(0, 12)',
    'id.slice(0, HEAD)',
    'id.slice(0, 8)',
    'key.slice(-4)',
    'monthOf(now).slice(0, 7)',
    'navigator.language.slice(0, 2)',
    'new Date(at).toISOString().slice(0, 19)',
    'new Date(time).toISOString().slice(0, 10)',
    'words.slice(0, 18)',
    'new Date(from.getTime() + n * DAY).toISOString().slice(0, 10)',
    "randomBytes(40).toString('hex').slice(0, 35)",
    'text.slice(-CHECKSUM_LENGTH)',
    'text.slice(0, -CHECKSUM_LENGTH)',
    'time.toISOString().slice(0, 10)',
    'time.toISOString().slice(0, 7)',
    "called.replace(TEST_PATH, '').slice(-4)",
    'url.slice(0, 22)',
  ],
  'a word of ours': [
    'String(cell).padEnd(widths[i] ?? 0)',
    'kind.padEnd(18)',
    'message.slice(0, 1)',
    'name.slice(0, -3)',
    'severityOf(kind, trouble.since, now).padEnd(7)',
    'word.padEnd(width)',
    "text.padEnd(schema.minLength ?? 0, '.')",
  ],
  'cut where something begins or ends that was found in it': [
    'name.slice(0, name.length - extension.length)',
    'template.slice(0, at)',
    'text.slice(0, priceAt)',
    'authority.slice(0, colon)',
    'header.slice(0, Math.max(0, colon))',
    'rest.slice(0, equals)',
    'source.slice(0, at)',
    'userinfoAndHost.slice(0, Math.max(at, 0))',
  ],
};

const CUTS = new Set(['slice', 'substring', 'substr', 'padEnd']);

/** Finds calls that take the start or the end of a text by its length. */
function truncationsIn(source: string, name = 'source.ts'): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const called = node.expression.name.text;
      const from = node.arguments[0]?.getText() ?? '';
      if (CUTS.has(called) && (called !== 'slice' || /^(0$|-)/.test(from)))
        found.push(node.getText().replaceAll(/\s+/g, ' '));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true));
  return found;
}

function everyTruncation(): string[] {
  const files = ['apps', 'libs'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => `${room}/${file}`),
  );
  const sources = files.filter((file) => /\.(?:tsx?|js|mjs)$/.test(file) && !file.endsWith('spec.ts'));
  return [
    ...new Set(
      sources
        .filter((file) => file !== 'libs/kernel/src/clip.ts')
        .flatMap((file) => truncationsIn(readFileSync(file, 'utf8'), file)),
    ),
  ];
}

describe('a text written by a person', () => {
  it('is truncated by the kernel only', () => {
    const [cuts, excused] = [new Set(everyTruncation()), new Set(Object.values(EXCUSED).flat())];
    expect({
      withoutExcuse: [...cuts].filter((cut) => !excused.has(cut)),
      unusedExcuses: [...excused].filter((cut) => !cuts.has(cut)),
    }).toEqual({ withoutExcuse: [], unusedExcuses: [] });
  });

  it.each([
    'text.slice(0, 100)',
    'title?.slice(0, max - 1)',
    'name.slice(-4)',
    'text.substring(3)',
    'label.padEnd(20)',
  ])('must not be truncated by %s', (source) => expect(truncationsIn(source)).toEqual([source]));

  it.each(["link.slice('https://'.length)", 'text.split(" ")', 'list.at(-1)'])('can be processed by %s', (source) =>
    expect(truncationsIn(source)).toEqual([]),
  );
});
