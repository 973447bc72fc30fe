import { ALL, type Room, WORKSPACE_OWN } from '#libs/database';

export const MAIL_TABLES: Room = {
  library: 'mail',
  ofTenants: {
    mails: { export: ALL, erasure: WORKSPACE_OWN },
  },
  ofPlatform: {},
};
