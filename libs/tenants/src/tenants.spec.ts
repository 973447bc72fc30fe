import { inspect } from 'node:util';
import { judgeRefresh, SESSION_LIFETIME } from './accounts/account.js';
import { BOT_MOVES, type BotState, hostOf, isPathKey, isToken } from './bots/bot.js';
import { OpenBot } from './bots/open-bot.js';
import { KEY_SCOPES, ROLE_SCOPES, SCOPES } from './accounts/scope.js';
import { newSecret } from './secret.js';
import { CAN, type TenantState } from './workspace/tenant.js';
import { botView } from './bots/bot-view.js';

const STATES = Object.keys(CAN) as TenantState[];
const at = (ms: number) => new Date(1_800_000_000_000 + ms);

describe('the capabilities of a tenant', () => {
  it.each(STATES)('always include refunds, support and export (%s)', (state) => {
    expect(CAN[state]).toMatchObject({ refund: true, support: true, export: true });
  });

  it('shrink from state to state', () => {
    const open = STATES.map((state) => Object.values(CAN[state]).filter(Boolean).length);
    expect(open).toEqual([8, 8, 7, 4, 3, 3]);
  });

  it('include the delivery of paid goods when new sales are stopped', () => {
    expect(CAN.no_new_sales).toMatchObject({ sell: false, deliver: true });
  });
});

describe('roles', () => {
  it("always allow ending one's own session", () => {
    expect(Object.values(ROLE_SCOPES).every((scopes) => scopes.includes('self'))).toBe(true);
  });

  it('let a viewer change nothing', () => {
    expect(ROLE_SCOPES.viewer.filter((scope) => scope.endsWith(':write'))).toEqual([]);
    expect(ROLE_SCOPES.owner).toEqual(SCOPES);
  });

  it('of API keys exclude everything reserved for people', () => {
    expect(SCOPES.filter((scope) => !KEY_SCOPES.includes(scope))).toEqual([
      'workspace:write',
      'keys:read',
      'keys:write',
      'members:read',
      'members:write',
      'self',
    ]);
  });
});

describe('a refresh token', () => {
  const current = { usedAt: null, sessionExpiresAt: at(SESSION_LIFETIME), sessionRevokedAt: null };

  it.each([
    ['is exchanged while it is the current one', current, 0, 'rotate'],
    ['counts as a race within ten seconds of its exchange', { ...current, usedAt: at(0) }, 10_000, 'in_progress'],
    ['counts as stolen after that', { ...current, usedAt: at(0) }, 10_001, 'reused'],
    ['is invalid once the session has ended', current, SESSION_LIFETIME, 'ended'],
    ['is invalid once the session is revoked', { ...current, sessionRevokedAt: at(1) }, 2, 'ended'],
  ] as const)('%s', (_, token, now, verdict) => {
    expect(judgeRefresh(token, at(now))).toBe(verdict);
  });
});

describe('a bot', () => {
  it('can become active again after a refused token, a pause or a removal', () => {
    expect(BOT_MOVES.token_invalid).toContain('active');
    expect(BOT_MOVES.paused).toContain('active');
    expect(BOT_MOVES.removed).toEqual(['registering'] satisfies BotState[]);
  });

  it.each(['', '123', '123:abc', `12:${'a'.repeat(35)}`, `123456:${'a'.repeat(20)} ${'a'.repeat(20)}`])(
    'has no token like %j',
    (text) => expect(isToken(text)).toBe(false),
  );

  it('has an unguessable path key', () => {
    expect(isPathKey(newSecret())).toBe(true);
    expect(isPathKey("x' or 1=1")).toBe(false);
  });

  it('shows only the host of a foreign webhook', () => {
    expect(hostOf('https://tool.example:8443/hook/123:secret?key=1')).toBe('tool.example:8443');
    expect(hostOf('nonsense')).not.toContain('nonsense');
  });

  it('shows only the last four characters of its token', () => {
    const named = { telegramId: 1, environment: 'production', username: 'a_bot', name: 'A' } as const;
    const facts = { ...named, state: 'active', tokenLast4: 'WXYZ' } as const;
    const id = '0190b5d0-0000-7000-8000-000000000000';
    const view = botView({
      ...facts,
      id,
      supportText: null,
      termsText: null,
      termsVersion: null,
      metadata: {},
      stoppedAt: null,
      stoppedBecause: null,
      createdAt: at(0),
    });
    expect(Object.keys(view).filter((key) => key.includes('token'))).toEqual(['token_last4']);
  });

  it('keeps its token out of logs, JSON and copies', () => {
    const named = { telegramId: 1, environment: 'production', username: 'a_bot' } as const;
    const facts = { ...named, tenantId: 't', botId: 'b', state: 'active' } as const;
    const info = { id: 1, is_bot: true, first_name: 'A', username: 'a_bot' } as OpenBot['info'];
    const bot = new OpenBot(
      { ...facts, info, tenantState: 'active', supportText: null, termsText: null, termsVersion: null },
      'THE-TOKEN',
    );
    const shown = [JSON.stringify(bot), inspect(bot, { showHidden: true, depth: null }), JSON.stringify({ ...bot })];
    expect(bot.token).toBe('THE-TOKEN');
    expect(shown.join()).not.toContain('THE-TOKEN');
  });
});
