import { circumstancesOf } from './origin.js';

it("a request's id, its network and the first 200 characters of its user agent are stored", () => {
  const headers = { 'user-agent': `curl\u001b[31m\n${'x'.repeat(300)}` };
  const kept = circumstancesOf({ id: 'req_1', ip: '203.0.113.77', headers });
  expect(kept).toEqual({ requestId: 'req_1', network: '203.0.113.0/24', userAgent: `curl[31m${'x'.repeat(192)}` });
  expect(circumstancesOf({ id: 'req_2', ip: '203.0.113.77', headers: {} }).userAgent).toBeNull();
  expect(circumstancesOf({ id: 'req_3', ip: '203.0.113.77', headers: { 'user-agent': '\n' } }).userAgent).toBeNull();
});
