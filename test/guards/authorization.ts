import type { StaffRole } from '#libs/staff';
import type { Role } from '#libs/tenants';

/**
 * The credentials that can call a group of operations. Written by hand and never derived from the code, because the code is checked against
 * it.
 */
export interface CreatorGroup {
  readonly scope: string;
  /** The workspace roles that can call them. */
  readonly roles: readonly Role[];
  /**
   * True if an API key with this scope can call them; keys never affect people, their sessions, other keys, or the closing of a workspace.
   */
  readonly keys: boolean;
  /** True if impersonating staff can call them, which is limited to reads. */
  readonly impersonated: boolean;
  /** True if they are refused in a locked workspace. Refunds, support and export never are. */
  readonly closedWhenLocked: boolean;
  /** Operation ids. */
  readonly operations: string;
}

export interface StaffGroup {
  readonly permission: string;
  readonly roles: readonly StaffRole[];
  readonly operations: string;
}

const ALL_ROLES = ['owner', 'admin', 'support', 'viewer'] as const;
const SUPPORT_ROLES = ['owner', 'admin', 'support'] as const;
const ADMINS = ['owner', 'admin'] as const;
const OWNER = ['owner'] as const;

const reads = (scope: string, roles: readonly Role[], operations: string): CreatorGroup => ({
  scope,
  roles,
  operations,
  keys: true,
  impersonated: true,
  closedWhenLocked: false,
});
const writes = (scope: string, roles: readonly Role[], operations: string): CreatorGroup => ({
  ...reads(scope, roles, operations),
  impersonated: false,
});
/** Returns a group that changes products, or the endpoints that are notified of sales. */
const configures = (scope: string, operations: string): CreatorGroup => ({
  ...writes(scope, ADMINS, operations),
  closedWhenLocked: true,
});
const forPeople = (group: CreatorGroup): CreatorGroup => ({ ...group, keys: false });

export const CREATORS: readonly CreatorGroup[] = [
  forPeople(
    writes(
      'self',
      ALL_ROLES,
      'auth_me auth_change_password auth_switch auth_log_out sessions_list sessions_end sessions_end_others telegram_links_create telegram_links_list telegram_links_get telegram_links_end order_views_list order_views_save order_views_share order_views_remove buyer_views_list buyer_views_save buyer_views_share buyer_views_remove mail_alerts_get mail_alerts_set addresses_change addresses_ask second_factor_begin second_factor_confirm second_factor_disable',
    ),
  ),
  reads(
    'bots:read',
    ALL_ROLES,
    'bots_list bots_get bots_webhook bots_obligations problems_list bot_imports_list bot_imports_get bot_imports_lines texts_all texts_list gifts_available business_list business_get chats_list chats_get paid_links_list',
  ),
  configures(
    'bots:write',
    `bots_register bot_imports_create bot_imports_cancel sandbox_create_bot bots_update bots_remove bots_pause bots_resume texts_put texts_remove chats_update chats_check
     paid_links_create paid_links_revoke`,
  ),
  // Refunds need a working token.
  writes('bots:write', ADMINS, 'bots_rotate_token'),
  reads(
    'products:read',
    ALL_ROLES,
    `files_get files_content products_list products_get products_prices licence_keys_list promo_codes_list
     promo_codes_get links_links links_qr posts_list shop_order_list`,
  ),
  configures(
    'products:write',
    `files_create files_update products_create products_update products_archive products_activate products_rotate
     licence_keys_add licence_keys_add_file licence_keys_remove promo_codes_create promo_codes_update
     promo_codes_archive promo_codes_activate invoice_links_create posts_create shop_order_place`,
  ),
  reads(
    'orders:read',
    ALL_ROLES,
    `orders_list orders_get order_files_export buyers_list order_care_timeline charges_list charges_get stray_payments_list refunds_list refunds_get subscriptions_list
     subscriptions_get buyers_state metrics_sales metrics_recurring metrics_funnel event_stream_follow events_list events_get statements_totals
     statements_csv reconciliations_list reconciliations_get spendings_list spendings_get business_balance business_gifts chats_members`,
  ),
  writes(
    'orders:write',
    SUPPORT_ROLES,
    `orders_update orders_cancel order_care_deliver charges_update charges_deliver subscriptions_update subscriptions_cancel
     subscriptions_resume buyers_update reconciliations_request`,
  ),
  writes('refunds:write', SUPPORT_ROLES, 'orders_refund charges_refund refunds_update'),
  writes(
    'spending:write',
    ADMINS,
    `gifts_give gifts_give_premium business_transfer_stars business_convert business_upgrade
     business_transfer_gift`,
  ),
  reads('support:read', SUPPORT_ROLES, 'support_list support_get support_file search_find'),
  writes('support:write', SUPPORT_ROLES, 'support_answer support_answer_file support_close'),
  reads('credits:read', ALL_ROLES, 'credits_balances credits_entries credit_reservations_get'),
  writes(
    'credits:write',
    SUPPORT_ROLES,
    'credits_grant credits_debit credits_reserve credit_reservations_commit credit_reservations_release',
  ),
  reads('endpoints:read', ALL_ROLES, 'endpoints_list endpoints_get endpoints_deliveries endpoints_delivery alerts_get'),
  configures(
    'endpoints:write',
    `endpoints_create endpoints_update endpoints_remove endpoints_resend_one endpoints_resend endpoints_test
     endpoints_rotate_secret alerts_set alerts_remove events_trigger events_resend`,
  ),
  writes('buyers:erase', ADMINS, 'buyers_erase'),
  reads('usage:read', ALL_ROLES, 'usage_usage workspace_closure'),
  // Staff export by a separate route, which requires a permission that impersonation does not include.
  { ...reads('export:read', OWNER, 'workspace_export'), impersonated: false },
  forPeople(writes('workspace:write', OWNER, 'workspace_close workspace_cancel')),
  forPeople(reads('keys:read', ADMINS, 'api_keys_list')),
  forPeople(writes('keys:write', ADMINS, 'api_keys_create api_keys_update api_keys_revoke')),
  forPeople(reads('members:read', ADMINS, 'members_list invitations_list')),
  forPeople(writes('members:write', ADMINS, 'members_change members_remove invitations_create invitations_revoke')),
  reads('audit:read', ADMINS, 'audit_entries_list audit_entries_export'),
];

/** Operations that reveal more than the rest of their group, and so require one more scope. */
export const ALSO_NEEDS: Readonly<Record<string, string>> = { buyers_state: 'credits:read' };

const ANY_STAFF = ['viewer', 'support', 'risk', 'admin'] as const;

export const STAFF: readonly StaffGroup[] = [
  { permission: 'self', roles: ANY_STAFF, operations: 'staff_auth_me staff_auth_change_password staff_auth_log_out' },
  { permission: 'tenants:read', roles: ANY_STAFF, operations: 'staff_tenants_list staff_tenants_get' },
  {
    permission: 'tenants:restrict',
    roles: ['risk', 'admin'],
    operations: 'staff_tenants_restrict staff_tenants_lift staff_kill_switch_stop_bot staff_kill_switch_release_bot',
  },
  {
    permission: 'operations:read',
    roles: ANY_STAFF,
    operations: 'staff_operations_overview staff_operations_list',
  },
  {
    permission: 'operations:write',
    roles: ['support', 'risk', 'admin'],
    operations: `staff_repairs_replay_update staff_repairs_resolve_update staff_repairs_retry_job
                 staff_repairs_resolve_job staff_repairs_retry_order staff_repairs_retry_refund
                 staff_repairs_reconcile staff_repairs_look_at_webhook`,
  },
  { permission: 'plans:read', roles: ANY_STAFF, operations: 'staff_plans_list staff_plans_usage' },
  { permission: 'plans:write', roles: ['admin'], operations: 'staff_plans_change staff_plans_limit' },
  { permission: 'buyers:erase', roles: ['admin'], operations: 'staff_rights_erase' },
  {
    permission: 'tenants:close',
    roles: ['admin'],
    operations: 'staff_rights_export staff_rights_close staff_rights_cancel',
  },
  { permission: 'tenants:impersonate', roles: ['support', 'risk', 'admin'], operations: 'staff_tenants_impersonate' },
  { permission: 'members:reset', roles: ['support', 'admin'], operations: 'staff_tenants_reset_password' },
  {
    permission: 'audit:read',
    roles: ['support', 'risk', 'admin'],
    operations: 'staff_audit_entries_list staff_audit_entries_export',
  },
  { permission: 'staff:read', roles: ['admin'], operations: 'staff_accounts_list' },
  {
    permission: 'staff:write',
    roles: ['admin'],
    operations: `staff_accounts_create staff_accounts_change staff_accounts_disable staff_accounts_enable
                 staff_accounts_reset_second_factor`,
  },
];

/** Operations without a credential: they receive one in the request, or they reveal nothing. */
export const ANYBODY = `health_live health_ready status_show auth_sign_up auth_log_in auth_refresh invitations_accept invitations_show browser_invitations_accept
  password_resets_request password_resets_complete addresses_confirm addresses_restore
  browser_sessions_sign_up browser_sessions_log_in browser_sessions_refresh browser_sessions_log_out sandbox_installation
  staff_auth_log_in staff_auth_confirm staff_auth_recover staff_auth_refresh staff_visits_end
  staff_browser_sessions_log_in staff_browser_sessions_confirm staff_browser_sessions_recover staff_browser_sessions_refresh
  staff_browser_sessions_log_out`;

/** Splits one line of the table into its operation ids. */
export const idsIn = (operations: string): string[] => operations.trim().split(/\s+/);

/** Returns all operation ids in the table, with repetitions. */
export const listed = (): string[] =>
  [...CREATORS.map(({ operations }) => operations), ...STAFF.map(({ operations }) => operations), ANYBODY].flatMap(
    idsIn,
  );
