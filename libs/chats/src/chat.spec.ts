import { missingRights, NO_RIGHTS, remedyFor, rightsOf } from './chat.js';

const administrator = { status: 'administrator', can_invite_users: true, can_restrict_members: true };

describe('a bot in a chat', () => {
  it('that may invite and ban lacks nothing', () => {
    const rights = rightsOf(administrator);
    expect(rights).toEqual({ standing: 'administrator', canInvite: true, canRemove: true });
    expect(missingRights(rights)).toEqual([]);
    expect(remedyFor(rights)).toBeUndefined();
  });

  it.each([
    [
      'an administrator that may not ban',
      { ...administrator, can_restrict_members: false },
      'give the bot the right to ban',
    ],
    ['an administrator that may do nothing', { status: 'administrator' }, 'to invite users and to ban users'],
    ['a plain member, whatever else is said', { ...administrator, status: 'member' }, 'Make the bot an administrator'],
    ['thrown out', { status: 'kicked' }, 'Add it as an administrator'],
    ['something that Telegram has only just invented', { status: 'patron' }, 'not in the chat any more'],
  ])('that is %s is told what to do', (_what, member, remedy) => {
    expect(remedyFor(rightsOf(member))).toContain(remedy);
  });

  it('that is gone lacks everything', () => {
    expect(missingRights(NO_RIGHTS)).toEqual(['can_invite_users', 'can_restrict_members']);
  });
});
