import { type Room, WORKSPACE_OWN } from '#libs/database';

export const VAULT_TABLES: Room = {
  library: 'vault',
  ofTenants: {
    data_keys: { export: { nothing: 'our own keys, which are useless elsewhere' }, erasure: WORKSPACE_OWN },
  },
  ofPlatform: {
    platform_keys: {},
    signing_keys: {},
    key_rotations: {},
  },
};
