import { ALL, type Room } from '#libs/database';

export const SUPPORT_TABLES: Room = {
  library: 'support',
  ofTenants: {
    support_messages: {
      export: ALL,
      erasure: {
        erases: 'text and files',
        finds: {
          answer_files: `select m.upload_id as id from support_messages m
            join support_threads t on t.tenant_id = m.tenant_id and t.id = m.thread_id join p on p.telegram_id = t.buyer_id
            where m.tenant_id = $1 and m.upload_id is not null`,
        },
        by: {
          talk: `update support_messages m set text = '[erased]', telegram_message_id = null, delivery_error = null,
              file_kind = null, file_id = null, file_name = null, upload_id = null
            from support_threads t join p on p.telegram_id = t.buyer_id
            where m.tenant_id = $1 and t.tenant_id = $1 and m.thread_id = t.id`,
        },
      },
      holdsErasure: {
        message: `exists (select from support_threads t join support_messages m on m.tenant_id = t.tenant_id and m.thread_id = t.id
          where t.tenant_id = $1 and t.buyer_id = $2 and m.delivery = 'waiting')`,
      },
    },
    support_threads: {
      export: ALL,
      erasure: {
        erases: 'the buyer; a live thread is closed',
        by: {
          talk: `update support_threads t set buyer_id = p.pseudonym, state = 'closed', closed_at = coalesce(closed_at, now()) from p
            where t.tenant_id = $1 and t.buyer_id = p.telegram_id`,
        },
      },
      holdsErasure: {
        question: `exists (select from support_threads where tenant_id = $1 and buyer_id = $2 and state = 'open')`,
      },
      obliges: {
        answer: `select t.id::text, true, null
          from jobs j join support_threads t on t.tenant_id = j.tenant_id and t.id = j.subject
          where j.tenant_id = $1 and j.kind = 'support.send' and j.state = 'waiting' and t.bot_id = $2`,
      },
    },
  },
  ofPlatform: {},
};
