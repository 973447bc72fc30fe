// All kinds of Bot API 10.3; other names are dropped from allowed_updates (Client.cpp).
const KNOWN = new Set(
  `message edited_message channel_post edited_channel_post business_connection business_message edited_business_message
  deleted_business_messages message_reaction message_reaction_count inline_query chosen_inline_result callback_query
  shipping_query pre_checkout_query purchased_paid_media poll poll_answer my_chat_member chat_member chat_join_request
  chat_boost removed_chat_boost managed_bot subscription stopped_message_generation`.split(/\s+/),
);

const NOT_BY_DEFAULT = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);

/** The effective list for a request's `allowed_updates`; undefined means the default list. */
export function allowedFrom(names: readonly string[]): readonly string[] | undefined {
  const known = [...new Set(names.map((name) => name.toLowerCase()))].filter((name) => KNOWN.has(name));
  return known.length === 0 ? undefined : known;
}

export function isWanted(allowed: readonly string[] | undefined, kind: string): boolean {
  return allowed === undefined ? !NOT_BY_DEFAULT.has(kind) : allowed.includes(kind);
}
