import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';

/** Heavy packages. What a command needs seldom, it loads when it needs it. */
const HEAVY = /node_modules\/(@nestjs\/(core|swagger|platform-fastify)|bull|fastify|grammy|rxjs|swagger-ui-dist)\//;

const commands = readdirSync('apps', { recursive: true, encoding: 'utf8' }).filter((file) =>
  /src\/ops\/[^/]+\.main\.ts$/.test(file),
);
const scripts = Object.values<string>(JSON.parse(readFileSync('package.json', 'utf8')).scripts);

describe.each(commands)("the operators' command %s", (source) => {
  const file = `commands/${basename(source, '.main.ts')}.js`;
  const bundle = readFileSync(`dist/${file}`, 'utf8');

  it('is started from its bundle', () => {
    expect(scripts).toContain(`node scripts/run.mjs ${file}`);
  });

  it('starts without loading the framework', () => {
    const parts = bundle.match(/^\/\/ .+\.[cm]?js$/gm) ?? [];
    expect(parts.length).toBeGreaterThan(100);
    expect(parts.filter((part) => HEAVY.test(part))).toEqual([]);
    expect(bundle).not.toMatch(/^import .*["']bull["']/m);
  });

  it('finds files relative to the original location of its modules', () => {
    const places = [...bundle.matchAll(/new URL\("([^"]+)", import\.meta\.url\)/g)].map(([, path = '']) => path);
    expect(places.filter((path) => !existsSync(resolve('dist/commands', path)))).toEqual([]);
    const others = bundle.replaceAll('createRequire(import.meta.url)', '').match(/(?<!", )import\.meta\.\w+/g) ?? [];
    expect(others).toEqual([]);
  });
});
