import { Creator, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
afterEach(() => starwall.stop());

describe('log injection', () => {
  it('puts no line of its own into the log, and no byte that a terminal obeys', async () => {
    const lines: string[] = [];
    const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      lines.push(String(text));
      return true;
    });
    try {
      starwall = await startStarwall({ LOG_LEVEL: 'info' });
      const evil = '%0a{"level":60,"msg":"forged"}%0d%0a%1b[31mred%00';
      await starwall.http().get(`/v1/${evil}?a=${evil}`);
      await starwall.http().post('/v1/auth/login').set('user-agent', 'x\u009b31m').send({ email: 'a\n{"level":60}' });
      const creator = await Creator.signUp(starwall);
      await creator.post('/v1/endpoints', { url: 'http://127.0.0.1:9/\n{"level":60}', description: 'a\nb' });
    } finally {
      write.mockRestore();
    }
    const logged = lines.join('');
    expect(logged).not.toMatch(/[^\P{Cc}\n]/u);
    const entries = logged.split('\n').filter((line) => line !== '');
    expect(entries.length).toBeGreaterThan(3);
    for (const line of entries) expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number) });
    expect(entries.map((line) => (JSON.parse(line) as { msg?: string }).msg)).not.toContain('forged');
  });
});
