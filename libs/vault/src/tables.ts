import { type Room, WORKSPACE_OWN } from '#libs/database';

export const VAULT_TABLES: Room = {
  library: 'vault',
  ofTenants: {
    data_keys: { export: { nothing: 'keys of ours, which open nothing outside' }, erasure: WORKSPACE_OWN },
  },
  ofPlatform: {
    platform_keys: {},
    signing_keys: {},
    key_rotations: {},
  },
};
