import type { TenantTx } from '#libs/database';

/** Returns the chat that a product opens; undefined if it opens none. */
export async function chatOfProduct(tx: TenantTx, productId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ chatId: string | null }>(
    'select chat_id as "chatId" from products where tenant_id = $1 and id = $2',
    [tx.tenantId, productId],
  );
  return row?.chatId ?? undefined;
}

/** Records whether access to a chat can be sold, for all products that open it. The caller holds the chat's lock. */
export async function setChatReady(tx: TenantTx, chatId: string, ready: boolean): Promise<void> {
  await tx.query(
    'update products set chat_ready = $3 where tenant_id = $1 and chat_id = $2 and chat_ready is distinct from $3',
    [tx.tenantId, chatId, ready],
  );
}

/** Locks all products that open one of these chats. Products are locked before chats. */
export async function lockProductsOfChats(tx: TenantTx, chatIds: readonly string[]): Promise<void> {
  await tx.query('select 1 from products where tenant_id = $1 and chat_id = any($2) order by id for no key update', [
    tx.tenantId,
    chatIds,
  ]);
}

/**
 * Makes the products that open one chat open another, after the two were merged. The caller holds the products' locks.
 */
export async function moveProducts(tx: TenantTx, fromChat: string, toChat: string): Promise<void> {
  await tx.query('update products set chat_id = $3 where tenant_id = $1 and chat_id = $2', [
    tx.tenantId,
    fromChat,
    toChat,
  ]);
}
