import { readStaffCommand } from './staff-command.js';

describe('npm run staff', () => {
  it('reads the commands create and list', () => {
    const made = { do: 'create', email: 'ada@example.com', role: 'admin', passwordFromInput: false };
    const words = ['create', '--email', 'ada@example.com', '--role', 'admin'];
    expect(readStaffCommand(words)).toEqual(made);
    expect(readStaffCommand([...words, '--password-stdin'])).toEqual({ ...made, passwordFromInput: true });
    expect(readStaffCommand(['list'])).toEqual({ do: 'list' });
  });

  it.each([
    [[], 'Use create or list'],
    [['delete'], 'Use create or list'],
    [['list', 'all'], 'Use create or list'],
    [['create'], '--email'],
    [['create', '--email', 'ada', '--role', 'admin'], '--email'],
    [['create', '--email', 'ada@example.com'], '--role'],
    [['create', '--email', 'ada@example.com', '--role', 'owner'], '--role'],
    [['create', '--password', 'secret'], "Unknown option '--password'"],
  ])('explains in one sentence what is wrong with %j', (words, complaint) => {
    expect(readStaffCommand(words)).toContain(complaint);
  });
});
