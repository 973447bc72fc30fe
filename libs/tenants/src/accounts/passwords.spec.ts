import { hash } from '@node-rs/argon2';
import { Passwords } from './passwords.service.js';

const passwords = new Passwords();

describe('a password', () => {
  it('is normalised, so that it is the same on every system', async () => {
    const stored = await passwords.hash('Ame\u0301lie\u00a0et moi');
    expect(await passwords.matches(stored, 'Am\u00e9lie et moi')).toBe(true);
    expect(await passwords.matches(stored, 'Ame\u0301lie et\u3000moi')).toBe(true);
    expect(await passwords.matches(stored, 'Amelie et moi')).toBe(false);
  });

  it('still works if it was hashed without normalisation', async () => {
    const stored = await hash('Ame\u0301lie et moi');
    expect(await passwords.matches(stored, 'Ame\u0301lie et moi')).toBe(true);
    expect(await passwords.matches(undefined, 'Ame\u0301lie et moi')).toBe(false);
  });
});
