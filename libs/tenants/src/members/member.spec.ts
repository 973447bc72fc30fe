import { judgeRemoval, judgeRoleChange, mayGive } from './member.js';
import type { Role } from '../accounts/scope.js';

const ROLES: readonly Role[] = ['owner', 'admin', 'support', 'viewer'];
const member = (role: Role, accountId = 'other') => ({ accountId, role });

describe('a role', () => {
  it.each([
    ['owner', ['owner', 'admin', 'support', 'viewer']],
    ['admin', ['support', 'viewer']],
    ['support', []],
    ['viewer', []],
  ] as const)('(%s) can grant %j', (by, roles) => {
    expect(ROLES.filter((role) => mayGive(by, role))).toEqual(roles);
  });
});

describe('a change of role', () => {
  it.each([
    ['an admin makes an admin', 'admin', 'viewer', 'admin', 'not_yours'],
    ['an admin demotes an admin', 'admin', 'admin', 'viewer', 'not_yours'],
    ['an admin demotes an owner', 'admin', 'owner', 'viewer', 'not_yours'],
    ['an admin makes a viewer answer buyers', 'admin', 'viewer', 'support', 'may'],
    ['a viewer makes an owner', 'viewer', 'viewer', 'owner', 'not_yours'],
    ['an owner makes an owner', 'owner', 'viewer', 'owner', 'may'],
    ['the last owner steps down', 'owner', 'owner', 'admin', 'last_owner'],
    ['the last owner stays owner', 'owner', 'owner', 'owner', 'may'],
  ] as const)('is judged when %s', (_, by, of, to, verdict) => {
    expect(judgeRoleChange(by, member(of), to, 1)).toBe(verdict);
  });

  it('lets an owner step down while there is another', () => {
    expect(judgeRoleChange('owner', member('owner'), 'viewer', 2)).toBe('may');
  });
});

describe('the removal of a member', () => {
  it.each([
    ['an admin removes an admin', member('admin', 'me'), member('admin'), 2, 'not_yours'],
    ['an admin removes a viewer', member('admin', 'me'), member('viewer'), 1, 'may'],
    ['an admin leaves', member('admin', 'me'), member('admin', 'me'), 1, 'may'],
    ['an owner removes an owner', member('owner', 'me'), member('owner'), 2, 'may'],
    ['the last owner leaves', member('owner', 'me'), member('owner', 'me'), 1, 'last_owner'],
  ] as const)('is judged when %s', (_, by, of, owners, verdict) => {
    expect(judgeRemoval(by, of, owners)).toBe(verdict);
  });
});
