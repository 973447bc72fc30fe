import { isOpenToAnybody, missingRights, NO_RIGHTS, obstaclesIn, remedyFor, rightsOf } from './chat.js';

const secret = { type: 'supergroup', username: null, joinByRequest: false } as const;
const administrator = { status: 'administrator', can_invite_users: true, can_restrict_members: true };

describe('a bot in a chat', () => {
  it('lacks nothing if it can invite and ban', () => {
    const rights = rightsOf(administrator);
    expect(rights).toEqual({ standing: 'administrator', canInvite: true, canRemove: true });
    expect(missingRights(rights)).toEqual([]);
    expect(remedyFor({ ...rights, ...secret })).toBeUndefined();
  });

  it.each([
    [
      'an administrator that may not ban',
      { ...administrator, can_restrict_members: false },
      'give the bot the right to ban',
    ],
    ['an administrator without rights', { status: 'administrator' }, 'to invite users and to ban users'],
    ['a plain member, despite other fields', { ...administrator, status: 'member' }, 'Make the bot an administrator'],
    ['removed', { status: 'kicked' }, 'Add it as an administrator'],
    ['a member with an unknown status', { status: 'patron' }, 'no longer in the chat'],
  ])('gets a remedy if it is %s', (_what, member, remedy) => {
    expect(remedyFor({ ...rightsOf(member), ...secret })).toContain(remedy);
  });

  it('lacks everything if it was removed', () => {
    expect(missingRights(NO_RIGHTS)).toEqual(['can_invite_users', 'can_restrict_members']);
  });
});

describe('a chat', () => {
  const ready = rightsOf(administrator);

  it.each([
    ['a private channel', { type: 'channel', username: null, joinByRequest: false }, false],
    ['a private supergroup that asks', { type: 'supergroup', username: null, joinByRequest: true }, false],
    ['a public channel', { type: 'channel', username: 'news', joinByRequest: false }, true],
    ['a public channel, despite other fields', { type: 'channel', username: 'news', joinByRequest: true }, true],
    ['a public supergroup', { type: 'supergroup', username: 'fans', joinByRequest: false }, true],
    ['a public supergroup that asks', { type: 'supergroup', username: 'fans', joinByRequest: true }, false],
  ] as const)('is judged by its openness: %s', (_what, openness, isOpen) => {
    expect(isOpenToAnybody(openness)).toBe(isOpen);
    expect(obstaclesIn({ ...ready, ...openness })).toEqual(isOpen ? ['open_to_anybody'] : []);
  });

  it('must be made private if anyone can enter; a supergroup can require requests instead', () => {
    const channel = remedyFor({ ...ready, type: 'channel', username: 'news', joinByRequest: false });
    expect(channel).toMatch(/through @news without paying\. Make the chat private/);
    expect(channel).not.toContain('approved');
    expect(remedyFor({ ...ready, type: 'supergroup', username: 'fans', joinByRequest: false })).toContain('approved');
  });

  it('reports open access and missing rights together', () => {
    const remedy = remedyFor({ ...NO_RIGHTS, type: 'channel', username: 'news', joinByRequest: false });
    expect(remedy).toMatch(/no longer in the chat.*Make the chat private/);
  });
});
