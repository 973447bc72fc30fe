import { escapeHtml } from '#libs/kernel';

/** A letter as it is sent. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The facts of each kind of letter. None of them is a secret. */
export interface LetterFacts {
  readonly new_device: {
    /** ISO 8601, UTC. */
    readonly at: string;
    /** As sessions keep it: shortened. */
    readonly network: string | null;
    readonly user_agent: string | null;
  };
}

export type LetterKind = keyof LetterFacts;

interface Words {
  readonly subject: string;
  readonly paragraphs: readonly string[];
}

interface Speech {
  readonly signature: string;
  readonly letters: { readonly [Kind in LetterKind]: (facts: LetterFacts[Kind], publicUrl: string) => Words };
}

/** An account has no language, so a letter is written in every one of these, one below the other. */
const SPEECH: Readonly<Record<'en' | 'ru', Speech>> = {
  en: {
    signature: 'Starwall sent this because something happened to your account.',
    letters: {
      new_device: ({ at, network, user_agent }, publicUrl) => ({
        subject: 'A new device signed in to your account',
        paragraphs: [
          `Somebody signed in to your Starwall account on ${moment(at, 'en-GB')} UTC.`,
          `Network: ${network ?? 'unknown'}\nProgram: ${user_agent ?? 'unknown'}`,
          'If it was you, nothing is left to do.',
          `If it was not you, sign in at ${publicUrl} and change your password: that ends every other session.`,
        ],
      }),
    },
  },
  ru: {
    signature: 'Это письмо отправил Starwall: с вашим аккаунтом что-то произошло.',
    letters: {
      new_device: ({ at, network, user_agent }, publicUrl) => ({
        subject: 'В ваш аккаунт вошли с нового устройства',
        paragraphs: [
          `В ваш аккаунт Starwall вошли ${moment(at, 'ru-RU')} UTC.`,
          `Сеть: ${network ?? 'неизвестна'}\nПрограмма: ${user_agent ?? 'неизвестна'}`,
          'Если это были вы, делать ничего не нужно.',
          `Если это были не вы, войдите на ${publicUrl} и смените пароль: все остальные сеансы закончатся.`,
        ],
      }),
    },
  },
};

const moment = (at: string, locale: string) =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(new Date(at));

/** Writes a letter in both languages, as text and as HTML without anything to load. */
export function letterOf<Kind extends LetterKind>(kind: Kind, facts: LetterFacts[Kind], publicUrl: string): Letter {
  const parts = Object.entries(SPEECH).map(([language, { signature, letters }]) => {
    const { subject, paragraphs } = letters[kind](facts, publicUrl);
    return { language, subject, paragraphs: [...paragraphs, signature] };
  });
  return {
    subject: parts.map(({ subject }) => subject).join(' · '),
    text: `${parts.map(({ paragraphs }) => paragraphs.join('\n\n')).join('\n\n--\n\n')}\n`,
    html: `<!doctype html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head><body style="font:16px/24px system-ui,sans-serif;max-width:560px;margin:0 auto;padding:24px">${parts.map(section).join('<hr style="border:0;border-top:1px solid #cfd6e0;margin:24px 0">')}</body></html>`,
  };
}

const section = ({ language, subject, paragraphs }: Words & { readonly language: string }) =>
  `<div lang="${language}"><h1 style="font-size:20px;line-height:28px">${escapeHtml(subject)}</h1>${paragraphs.map((one) => `<p>${escapeHtml(one).replaceAll('\n', '<br>')}</p>`).join('')}</div>`;
