import { ALL, type Room, WORKSPACE_OWN } from '#libs/database';

const OWN = { export: ALL, erasure: WORKSPACE_OWN } as const;

export const CATALOG_TABLES: Room = {
  library: 'catalog',
  ofTenants: {
    chat_access_terms: OWN,
    files: { export: { without: ['storage_key'] }, erasure: WORKSPACE_OWN },
    licence_keys: {
      export: { without: ['key_sealed', 'key_hash'] },
      erasure: { keeps: 'names no buyer' },
    },
    licence_pools: {
      export: { without: ['hash_key_sealed'] },
      erasure: WORKSPACE_OWN,
    },
    paid_commands: OWN,
    paid_media_items: OWN,
    price_versions: { ...OWN, appendOnly: true },
    product_views: {
      export: ALL,
      erasure: {
        erases: 'buyer',
        by: {
          access: `update product_views v set buyer_id = p.pseudonym from p
            where v.tenant_id = $1 and v.buyer_id = p.telegram_id`,
        },
      },
    },
    products: OWN,
    subscription_plans: OWN,
    telegram_files: OWN,
  },
  ofPlatform: {},
};
