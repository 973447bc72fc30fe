import { escapeHtml } from '#libs/kernel';
import type { AlertMailText, LetterFacts, LetterKind, Letters, Paragraph, Words } from './letter-kinds.js';
import { ENGLISH_LETTERS } from './letters-english.js';
import { RUSSIAN_LETTERS } from './letters-russian.js';

/** An email as it is sent. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The dashboard's pages for emails with a link. */
const PAGES: Readonly<Partial<Record<LetterKind, string>>> = {
  reset_password: 'reset-password',
  confirm_address: 'confirm-address',
  change_address: 'confirm-address',
  address_changing: 'keep-address',
  invitation: 'join',
};

/** An account has no language, so an email is written in all of these, one below the other. */
const SPEECH = { en: ENGLISH_LETTERS, ru: RUSSIAN_LETTERS } satisfies Readonly<Record<string, Letters>>;
const LANGUAGES = ['en', 'ru'] as const;

export interface LetterSetting {
  readonly publicUrl: string;
  /** The token of the email's link. */
  readonly secret?: string | undefined;
  readonly alert?: AlertMailText | undefined;
}

/**
 * Writes an email in both languages, as text and as HTML without external content. @param secret the token of the
 * email's link, placed after the `#`, which browsers never send to servers
 */
export function letterOf<Kind extends LetterKind>(
  kind: Kind,
  facts: LetterFacts[Kind],
  { publicUrl, secret, alert }: LetterSetting,
): Letter {
  const page = PAGES[kind];
  const path = page === undefined || secret === undefined ? alert?.page : `${page}#${secret}`;
  const link = path === undefined ? publicUrl : `${publicUrl}/${path}`;
  const parts = LANGUAGES.map((language) => {
    const { signature, letters } = SPEECH[language];
    const said = alert?.[language].split('\n\n') ?? [];
    const { subject, paragraphs } = letters[kind](facts, { home: publicUrl, link, said });
    return { language, subject, paragraphs: [...paragraphs, signature] };
  });
  return {
    subject: parts.map(({ subject }) => subject).join(' · '),
    text: `${parts.map(({ paragraphs }) => paragraphs.map(asText).join('\n\n')).join('\n\n--\n\n')}\n`,
    html: `<!doctype html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head><body style="font:16px/24px system-ui,sans-serif;max-width:560px;margin:0 auto;padding:24px">${parts.map(section).join('<hr style="border:0;border-top:1px solid #cfd6e0;margin:24px 0">')}</body></html>`,
  };
}

const asText = (one: Paragraph) => (typeof one === 'string' ? one : one.link);

const asHtml = (one: Paragraph) =>
  typeof one === 'string'
    ? escapeHtml(one).replaceAll('\n', '<br>')
    : `<a href="${escapeHtml(one.link)}" style="overflow-wrap:anywhere">${escapeHtml(one.link)}</a>`;

const section = ({ language, subject, paragraphs }: Words & { readonly language: string }) =>
  `<div lang="${language}"><h1 style="font-size:20px;line-height:28px">${escapeHtml(subject)}</h1>${paragraphs.map((one) => `<p>${asHtml(one)}</p>`).join('')}</div>`;
