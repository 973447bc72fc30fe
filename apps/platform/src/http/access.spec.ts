import { STAFF_CAN } from '#libs/staff';
import { IMPERSONATION_SCOPES, ROLE_SCOPES } from '#libs/tenants';
import { judgeCreator, judgeStaff } from './access.js';
import { ImpersonationReadOnly, MissingPermission, MissingScope } from './refusals.js';

describe('a route for creators', () => {
  it('accepts a credential with its scope, for any method', () => {
    const owner = { via: 'session', scopes: ROLE_SCOPES.owner } as const;
    for (const method of ['GET', 'POST', 'DELETE'])
      expect(() => judgeCreator(owner, 'bots:write', method)).not.toThrow();
  });

  it('refuses a credential without its scope, with a remedy', () => {
    const remedyFor = (via: 'session' | 'api_key') => {
      try {
        judgeCreator({ via, scopes: ['orders:read'] }, 'bots:write', 'POST');
      } catch (error) {
        return error instanceof MissingScope ? error.remedy : String(error);
      }
      return 'let in';
    };
    expect(remedyFor('session')).toContain('owner');
    expect(remedyFor('api_key')).toContain('API key');
  });

  it('lets impersonating staff read but not write', () => {
    const looking = { via: 'impersonation', scopes: IMPERSONATION_SCOPES } as const;
    expect(() => judgeCreator(looking, 'orders:read', 'GET')).not.toThrow();
    expect(() => judgeCreator(looking, 'orders:read', 'POST')).toThrow(ImpersonationReadOnly);
    expect(() => judgeCreator(looking, 'orders:write', 'GET')).toThrow(ImpersonationReadOnly);
  });
});

describe('a route for staff', () => {
  it('accepts only a role with its permission', () => {
    expect(() => judgeStaff({ permissions: STAFF_CAN.admin }, 'staff:write')).not.toThrow();
    expect(() => judgeStaff({ permissions: STAFF_CAN.viewer }, 'staff:write')).toThrow(MissingPermission);
  });
});
