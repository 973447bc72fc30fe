import type { AlertFacts, LetterOrigin, Letters } from './letter-kinds.js';
import { moment } from './moment.js';

const ROLES = {
  owner: 'owner',
  admin: 'admin',
  support: 'support',
  viewer: 'viewer',
};

const ALERTS: Readonly<Record<AlertFacts['alert'], string>> = {
  sales: 'Sold',
  failures: 'A buyer paid in vain, or could not pay',
  support: 'A buyer is waiting for your reply',
  warnings: 'Your shop needs attention',
};

const heldBack = (held: number) =>
  held === 0
    ? []
    : [held === 1 ? 'There was one more alert of this kind.' : `There were ${held} more alerts of this kind.`];

const origin = ({ network, user_agent }: LetterOrigin) =>
  `Network: ${network ?? 'unknown'}\nProgram: ${user_agent ?? 'unknown'}`;
const at = (facts: LetterOrigin) => `${moment(facts.at, 'en-GB')} UTC`;

export const ENGLISH_LETTERS: Letters = {
  signature: 'This email was sent by Starwall. Replies are not read.',
  letters: {
    new_device: (facts, { home }) => ({
      subject: 'A new device signed in to your account',
      paragraphs: [
        `Someone signed in to your Starwall account on ${at(facts)}.`,
        origin(facts),
        'If it was you, you do not have to do anything.',
        `If it was not you, sign in at ${home} and change your password: that ends every other session.`,
      ],
    }),
    reset_password: (facts, { link }) => ({
      subject: 'Set a new password',
      paragraphs: [
        facts.by === 'staff'
          ? 'Our staff sent you this link, so that you can set a new password for your Starwall account.'
          : `Someone asked for a new password for your Starwall account on ${at(facts)}.`,
        'Set it on this page. The link works once, for 30 minutes:',
        { link },
        ...(facts.by === 'staff' ? [] : [origin(facts)]),
        'If you did not ask for it, ignore this email: your password stays as it is.',
      ],
    }),
    password_changed: (facts, { home }) => ({
      subject: 'Your password was changed',
      paragraphs: [
        `The password of your Starwall account was changed on ${at(facts)}. All other sessions have ended.`,
        origin(facts),
        'If it was you, you do not have to do anything.',
        `If it was not you, set a new password now: open ${home}/forgot-password.`,
      ],
    }),
    confirm_address: (_, { link }) => ({
      subject: 'Confirm your email address',
      paragraphs: [
        'Confirm that this address belongs to your Starwall account. The link works for three days:',
        { link },
        'If you have no account there, ignore this email.',
      ],
    }),
    change_address: (_, { link }) => ({
      subject: 'Confirm your new email address',
      paragraphs: [
        'Confirm that you want to sign in to Starwall with this address from now on. The link works once, for one day:',
        { link },
        'Until then, the account keeps its previous address. If you did not ask for it, ignore this email.',
      ],
    }),
    address_changing: (facts, { link }) => ({
      subject: 'Your email address is being changed',
      paragraphs: [
        `Someone asked on ${at(facts)} to give your Starwall account another email address.`,
        origin(facts),
        'If it was you, open the email that we sent to the new address.',
        'If it was not you, keep this address and set a new password. The link works once, for seven days, even if the address has been changed already:',
        { link },
      ],
    }),
    alert: ({ alert, workspace, held }, { home, link, said }) => ({
      subject: `${ALERTS[alert]} – ${workspace}`,
      paragraphs: [
        ...said,
        { link },
        ...heldBack(held),
        'You get at most one such email an hour. You can switch it off on this page:',
        { link: `${home}/workspace/alerts` },
      ],
    }),
    invitation: ({ workspace, role }, { link }) => ({
      subject: 'You are invited to a workspace',
      paragraphs: [
        `You are invited to the Starwall workspace “${workspace}” with the role ${ROLES[role]}.`,
        'Accept the invitation here. The link works once, for seven days:',
        { link },
        'If you do not know this workspace, ignore this email.',
      ],
    }),
  },
};
