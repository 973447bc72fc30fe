import { z } from 'zod';
import type { Shown } from '#libs/kernel';
import type { MailAlertSwitches } from './mail-alert.js';

/** The meaning of each switch, in the API's terms. */
export const MAIL_ALERT_SWITCHES = {
  sales: 'Sales for Stars.',
  failures:
    'Paid orders that could not be delivered, refunds that failed, and products that Telegram does not let anyone buy.',
  support: "Buyers' messages to support, without their words. Needs a role that can read them.",
  warnings:
    'Everything else that stops sales or loses Stars: a bot that receives no messages, delayed refunds, failing servers and endpoints, lost rights in a chat, an exhausted plan.',
} as const;

export const MAIL_ALERT_STATES = ['on', 'address_unconfirmed', 'unavailable'] as const;
export type MailAlertState = (typeof MAIL_ALERT_STATES)[number];

export const mailAlertsViewSchema = z
  .object({
    object: z.literal('mail_alerts'),
    state: z
      .enum(MAIL_ALERT_STATES)
      .describe(
        '`address_unconfirmed`: nothing is sent until you confirm your address. `unavailable`: this installation sends no email.',
      ),
    sales: z.boolean().describe(MAIL_ALERT_SWITCHES.sales),
    failures: z.boolean().describe(MAIL_ALERT_SWITCHES.failures),
    support: z.boolean().describe(MAIL_ALERT_SWITCHES.support),
    warnings: z.boolean().describe(MAIL_ALERT_SWITCHES.warnings),
  })
  .meta({ id: 'MailAlerts' });

/** A member's emails as the API shows them. */
export const mailAlertsView = ({
  state,
  sales,
  failures,
  support,
  warnings,
}: MailAlertSwitches & { readonly state: MailAlertState }): Shown<typeof mailAlertsViewSchema> => ({
  object: 'mail_alerts',
  state,
  sales,
  failures,
  support,
  warnings,
});
