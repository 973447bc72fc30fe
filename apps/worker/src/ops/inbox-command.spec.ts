import { readInboxCommand } from './inbox-command.js';

describe('the command for parked updates', () => {
  it.each([
    [['list'], { do: 'list', limit: 50 }],
    [['list', '--limit', '7'], { do: 'list', limit: 7 }],
    [['show', 'bot_x', '12'], { do: 'show', bot: 'bot_x', updateId: 12 }],
    [['replay', 'bot_x', '12'], { do: 'replay', bot: 'bot_x', updateId: 12 }],
    [['resolve', 'bot_x', '12', '--reason', ' known '], { do: 'resolve', bot: 'bot_x', updateId: 12, reason: 'known' }],
  ])('understands %j', (args, command) => {
    expect(readInboxCommand(args)).toEqual(command);
  });

  it.each([
    [[], /Use list/],
    [['delete', 'bot_x', '12'], /Use list/],
    [['list', '--limit', '0'], /whole number/],
    [['show', 'bot_x'], /needs a bot/],
    [['replay', 'bot_x', '1e3'], /needs a bot/],
    [['replay', 'bot_x', '12', '13'], /nothing else/],
    [['resolve', 'bot_x', '12'], /--reason/],
    [['resolve', 'bot_x', '12', '--reason', ' '], /--reason/],
    [['list', '--all'], /--all/],
  ])('refuses %j with the reason', (args, why) => {
    expect(readInboxCommand(args)).toMatch(why);
  });
});
