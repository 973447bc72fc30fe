import { type Room, WORKSPACE_OWN } from '#libs/database';

export const MAIL_TABLES: Room = {
  library: 'mail',
  ofTenants: {
    mails: { export: { without: ['secret_sealed'] }, erasure: WORKSPACE_OWN },
  },
  ofPlatform: {},
};
