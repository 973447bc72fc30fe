import { ALL, type Room, WORKSPACE_OWN } from '#libs/database';

const OWN = { export: ALL, erasure: WORKSPACE_OWN } as const;

export const CATALOG_TABLES: Room = {
  library: 'catalog',
  ofTenants: {
    chat_access_terms: OWN,
    files: {
      export: { without: ['storage_key'] },
      erasure: {
        erases: 'files of answers to the person',
        by: {
          leftovers: `delete from files f using forgotten_files g where f.tenant_id = $1 and g.tenant_id = $1 and f.id = g.id`,
        },
      },
    },
    forgotten_files: {
      export: { nothing: 'the bytes are about to be removed' },
      erasure: {
        erases: 'marks the bytes of answers that nothing else uses, for the sweeper to remove',
        by: {
          traces: `insert into forgotten_files (tenant_id, id, storage_key)
            select f.tenant_id, f.id, f.storage_key from files f join answer_files a on a.id = f.id
            where f.tenant_id = $1 and f.id not in (select id from made_goods)
              and not exists (select from products p where p.tenant_id = $1 and f.id in (p.file_id, p.photo_file_id))
              and not exists (select from paid_media_items i where i.tenant_id = $1 and i.file_id = f.id)
            on conflict do nothing`,
        },
      },
    },
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
    telegram_files: {
      export: ALL,
      erasure: {
        erases: "Telegram's ids of those files",
        by: {
          spending: `delete from telegram_files f using forgotten_files g
            where f.tenant_id = $1 and g.tenant_id = $1 and f.file_id = g.id`,
        },
      },
    },
  },
  ofPlatform: {},
};
