import { type Telegram, TelegramRefused, TelegramUnreachable } from '#libs/telegram';
import type { BotDirectory } from './bot-directory.service.js';
import { BotCalls } from './bot-calls.service.js';
import { BotSetup } from './bot-setup.service.js';
import {
  BotNotInState,
  ForeignWebhook,
  TelegramOutcomeUnknown,
  TelegramSaidNo,
  TelegramUnavailable,
  TokenRefused,
} from './bot-refusals.js';
import { OpenBot, type OpenBotFacts } from './open-bot.js';
import { TenantRestricted } from '../workspace/tenant.js';

const facts = {
  tenantId: 'tenant',
  botId: 'bot',
  telegramId: 1,
  environment: 'production',
  username: 'a_bot',
} as const;
const botIn = (changes: Partial<OpenBotFacts> = {}) => {
  const texts = { supportText: 'Write', termsText: 'No returns', termsVersion: 'v1' };
  const usual = { ...facts, ...texts, state: 'active', tenantState: 'active', info: { id: 1 } } as OpenBotFacts;
  return new OpenBot({ ...usual, ...changes }, 'token');
};
const refused = (code: number, description = 'Bad Request', retryAfter?: number) =>
  new TelegramRefused('call', code, description, retryAfter);
const lost = new TelegramUnreachable('call', 'timeout');

describe('an open bot', () => {
  it('exposes its facts', () => {
    const { ownTexts: _own, ...shown } = botIn({ environment: 'test' });
    expect(shown).toEqual({
      ...facts,
      environment: 'test',
      info: { id: 1 },
      state: 'active',
      tenantState: 'active',
      supportText: 'Write',
      termsText: 'No returns',
      termsVersion: 'v1',
    });
  });

  it.each([
    [{}, false],
    [{ state: 'paused' }, false],
    [{ state: 'token_invalid' }, true],
    [{ tenantState: 'outbound_stopped' }, true],
  ] as const)('with %j is held up: %j', (changes, isHeldUp) => {
    expect(botIn(changes).isHeldUp).toBe(isHeldUp);
  });
});

describe('a call for a creator', () => {
  const callsOf = (bot: OpenBot | undefined, api: object = {}) =>
    new BotCalls({ open: async () => bot } as unknown as BotDirectory, { api: () => api } as unknown as Telegram);
  const open = (bot: OpenBot | undefined, capability?: 'sell') => callsOf(bot).open('tenant', 'bot', capability);

  it.each([
    ['a removed bot', undefined, undefined, BotNotInState],
    ['a bot without a working token', botIn({ state: 'token_invalid' }), undefined, BotNotInState],
    ['a bot that is being removed, to sell', botIn({ state: 'removing' }), 'sell', BotNotInState],
    ['a restricted workspace, to sell', botIn({ tenantState: 'no_new_sales' }), 'sell', TenantRestricted],
  ] as const)('is refused for %s', async (_what, bot, capability, error) => {
    await expect(open(bot, capability)).rejects.toThrow(error);
  });

  it.each([
    ['an active bot', botIn(), 'sell'],
    ['a paused bot', botIn({ state: 'paused' }), 'sell'],
    ['a bot that is being removed, to read', botIn({ state: 'removing' }), undefined],
    ['a restricted workspace, to read', botIn({ tenantState: 'no_new_sales' }), undefined],
  ] as const)('is made for %s', async (_what, bot, capability) => {
    expect(await open(bot, capability)).toBe(bot);
  });

  it.each([
    [refused(401, 'Unauthorized'), BotNotInState, BotNotInState],
    [refused(400, 'Bad Request: no'), TelegramSaidNo, TelegramSaidNo],
    [refused(429, 'Too Many Requests', 3), TelegramUnavailable, TelegramUnavailable],
    [refused(502, 'Bad Gateway'), TelegramUnavailable, TelegramOutcomeUnknown],
    [lost, TelegramUnavailable, TelegramOutcomeUnknown],
  ])('reports an error according to its kind: %s', async (error, asked, acted) => {
    const calls = callsOf(botIn());
    const fail = () => Promise.reject(error);
    await expect(calls.ask(botIn(), fail)).rejects.toThrow(asked);
    await expect(calls.act(botIn(), fail)).rejects.toThrow(acted);
  });

  it('returns its result', async () => {
    const calls = callsOf(botIn(), { answer: 5 });
    const read = async (api: object) => (api as { answer: number }).answer;
    expect([await calls.ask(botIn(), read), await calls.act(botIn(), read)]).toEqual([5, 5]);
  });
});

describe('setting up a bot', () => {
  type Call = (...args: unknown[]) => Promise<unknown>;
  const setupWith = (api: Readonly<Record<string, Call>>) =>
    new BotSetup({ api: () => api } as unknown as Telegram, { ingressUrl: 'https://in.example' });

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([
    ['', true],
    ['https://in.example/telegram/key', true],
    ['https://in.example/other/key', false],
    ['https://other.example/telegram/key', false],
  ])('with the webhook %j is allowed: %j', async (url, allowed) => {
    const checked = setupWith({ getWebhookInfo: async () => ({ url }) }).refuseForeign('token');
    const outcome = await checked.then(
      () => 'allowed',
      (error: unknown) => (error instanceof ForeignWebhook ? 'foreign' : error),
    );
    expect(outcome).toBe(allowed ? 'allowed' : 'foreign');
  });

  it.each([
    [refused(401, 'Unauthorized'), TokenRefused],
    [refused(400, 'Bad Request: bad webhook'), TelegramSaidNo],
    [refused(429, 'Too Many Requests', 6), TelegramUnavailable],
    [lost, TelegramUnavailable],
  ])('fails at once with %s', async (error, kind) => {
    const getMe = vi.fn<Call>().mockRejectedValue(error);
    await expect(setupWith({ getMe }).identify('token')).rejects.toThrow(kind);
    expect(getMe).toHaveBeenCalledTimes(1);
  });

  it('waits once, up to five seconds, when Telegram asks for it', async () => {
    const wait = refused(429, 'Too Many Requests', 5);
    const getMe = vi.fn<Call>().mockRejectedValueOnce(wait).mockResolvedValueOnce({ id: 1 });
    const identified = setupWith({ getMe }).identify('token');
    await vi.advanceTimersByTimeAsync(4_999);
    expect(getMe).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await identified).toEqual({ id: 1 });

    const never = setupWith({ getMe: vi.fn<Call>().mockRejectedValue(wait) }).identify('token');
    const [said] = await Promise.all([never.catch((error: unknown) => error), vi.advanceTimersByTimeAsync(5_000)]);
    expect(said).toBeInstanceOf(TelegramUnavailable);
  });

  it('ignores texts that Telegram does not remove, and reports every other failure', async () => {
    const no = async () => Promise.reject(refused(400));
    const deleteWebhook = vi.fn<Call>();
    const texts = { deleteMyCommands: no, setMyDescription: no, setMyShortDescription: no };
    await setupWith({ ...texts, deleteWebhook }).leave('token');
    expect(deleteWebhook).toHaveBeenCalledTimes(1);
    const gone = setupWith({ ...texts, setMyDescription: async () => Promise.reject(lost), deleteWebhook });
    await expect(gone.leave('token')).rejects.toThrow(TelegramUnavailable);
    expect(deleteWebhook).toHaveBeenCalledTimes(1);
    await setupWith({ deleteWebhook: async () => Promise.reject(lost) }).disconnect('token');
  });

  it('removes the texts of every language', async () => {
    const [deleteMyCommands, other] = [vi.fn<Call>(), vi.fn<Call>()];
    const rest = { setMyDescription: other, setMyShortDescription: other, deleteWebhook: other };
    await setupWith({ deleteMyCommands, ...rest }).leave('token');
    const languages = deleteMyCommands.mock.calls.map(([whose]) => (whose as { language_code?: string }).language_code);
    expect(languages[0]).toBeUndefined();
    expect(languages.slice(1).every((code) => code !== undefined && code !== 'en')).toBe(true);
    expect(languages.length).toBeGreaterThan(1);
  });
});
