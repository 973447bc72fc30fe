import type { Config } from '#libs/runtime';

/** The route by which emails are sent. */
export type MailRoute =
  | { readonly kind: 'smtp'; readonly url: string; readonly from: string }
  /** The simulator keeps them and shows them at `/mails.html`. */
  | { readonly kind: 'simulator'; readonly url: string };

export type MailSettings = Pick<Config, 'smtp' | 'simulatorUrl' | 'telegramApiRoot'>;

/** `SMTP_URL` if set, otherwise the simulator, if there is one; undefined if neither: nothing is sent. */
export function mailRoute({ smtp, simulatorUrl, telegramApiRoot }: MailSettings): MailRoute | undefined {
  if (smtp !== undefined) return { kind: 'smtp', ...smtp };
  return simulatorUrl === undefined ? undefined : { kind: 'simulator', url: `${telegramApiRoot}/control/mails` };
}
