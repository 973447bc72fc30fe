import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stops sales of access to a chat that anybody can join by its public name. */
export class PublicChats1790000033000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(CHATS);
  }

  async down(): Promise<void> {
    throw new Error('This migration is not taken back: access would be sold to chats that are open to everybody.');
  }
}

const CHATS = `
-- Joining by the public name requires approval. Only supergroups support this (Bot API, ChatFullInfo).
alter table chats add column join_by_request boolean not null default false;
alter table chats drop constraint chats_check;

-- Checks chats that are already public at once.
alter table chats no force row level security;
alter table products no force row level security;
update chats set looked_at = 'epoch', lacking_since = coalesce(lacking_since, now()) where username is not null;
update products p set chat_ready = false
from chats c where c.tenant_id = p.tenant_id and c.id = p.chat_id and c.username is not null and p.chat_ready;
alter table chats force row level security;
alter table products force row level security;

alter table chats add constraint chats_lacking_check check ((lacking_since is null) = (
  standing = 'administrator' and can_invite and can_remove and (username is null or (type = 'supergroup' and join_by_request))));
`;
