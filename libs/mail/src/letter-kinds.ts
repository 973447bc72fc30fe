/** The origin of a request, as sessions store it. */
export interface LetterOrigin {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Shortened. */
  readonly network: string | null;
  readonly user_agent: string | null;
}

/** An email about an event in a workspace. */
export interface AlertFacts {
  readonly alert: 'sales' | 'failures' | 'support' | 'warnings';
  readonly event: string;
  readonly workspace: string;
  /** Alerts of this kind that were held back since the previous email. */
  readonly held: number;
}

/** The text of an alert in both languages. */
export interface AlertMailText {
  readonly en: string;
  readonly ru: string;
  /** The dashboard's page about it, without a leading slash. */
  readonly page: string;
}

/** The facts of each kind of email. None of them is a secret. */
export interface LetterFacts {
  readonly new_device: LetterOrigin;
  readonly reset_password: LetterOrigin & { readonly by: 'owner' | 'staff' };
  readonly password_changed: LetterOrigin;
  readonly confirm_address: Readonly<Record<string, never>>;
  /** To the new address. */
  readonly change_address: Readonly<Record<string, never>>;
  /** To the old address. */
  readonly address_changing: LetterOrigin;
  /** The text is written when it is sent. */
  readonly alert: AlertFacts;
  readonly invitation: { readonly workspace: string; readonly role: 'owner' | 'admin' | 'support' | 'viewer' };
}

export type LetterKind = keyof LetterFacts;

export const LETTER_KINDS = [
  'new_device',
  'reset_password',
  'password_changed',
  'confirm_address',
  'change_address',
  'address_changing',
  'invitation',
  'alert',
] as const satisfies readonly LetterKind[];

/** The addresses that an email mentions. */
export interface Places {
  readonly home: string;
  /** The email's link; the start page for an email without one. */
  readonly link: string;
  /** The text of an alert, in paragraphs; none for other emails. */
  readonly said: readonly string[];
}

/** A paragraph, or a link on its own line. */
export type Paragraph = string | { readonly link: string };

export interface Words {
  readonly subject: string;
  readonly paragraphs: readonly Paragraph[];
}

export interface Letters {
  readonly signature: string;
  readonly letters: { readonly [Kind in LetterKind]: (facts: LetterFacts[Kind], places: Places) => Words };
}
