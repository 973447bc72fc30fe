import type { Schema } from '#libs/client';
import type { CHATS_TEXTS } from '../../texts/chats';

type Chat = Schema<'Chat'>;

/** The steps until access to a chat can be sold; empty if it can be sold already. */
export function remediesOf(
  { bot_status: status, missing_rights: missing, open_to_anybody: isOpen, type, username }: Chat,
  { remedies, rights, and }: (typeof CHATS_TEXTS)['en'],
): string[] {
  const wanted = missing.map((right) => rights[right]).join(and);
  const found: string[] = [];
  if (missing.length > 0) {
    if (status === 'administrator') found.push(remedies.give(wanted));
    else found.push(status === 'member' || status === 'restricted' ? remedies.promote(wanted) : remedies.add(wanted));
  }
  if (isOpen) found.push(type === 'supergroup' ? remedies.closeGroup(username ?? '') : remedies.close(username ?? ''));
  return found;
}
