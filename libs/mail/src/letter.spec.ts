import { letterOf } from './letter.js';

const facts = { at: '2026-12-01T09:05:00Z', network: '192.0.2.0/24', user_agent: '<img src=x onerror=alert(1)>' };
const letter = letterOf('new_device', facts, { publicUrl: 'https://shop.example.com' });

it('an email is in English and in Russian, as text and as HTML', () => {
  expect(letter.subject).toBe('A new device signed in to your account · В ваш аккаунт вошли с нового устройства');
  for (const body of [letter.text, letter.html]) {
    expect(body).toContain('1 December 2026');
    expect(body).toContain('1 декабря 2026');
    expect(body).toContain('192.0.2.0/24');
    expect(body).toContain('https://shop.example.com');
  }
});

it('an email shows the input of strangers as text, and loads nothing', () => {
  expect(letter.html).toContain('&lt;img');
  expect(letter.html).not.toMatch(/<img|<script|src="|url\(/);
});
