import { parseArgs } from 'node:util';
import { STAFF_ROLES, type StaffRole } from '#libs/staff';

export type StaffCommand =
  | { readonly do: 'create'; readonly email: string; readonly role: StaffRole; readonly passwordFromInput: boolean }
  | { readonly do: 'list' };

export const USAGE =
  "Creates the first accounts of the platform's staff. Uses DATABASE_URL.\n\n  npm run staff -- create " +
  '--email ada@example.com --role admin                     generates a password and shows it once\n  ' +
  'npm run staff -- create --email ada@example.com --role admin --password-stdin    reads the password ' +
  'from the first line\n  npm run staff -- list                                                        ' +
  `    lists the staff\n\nRoles: ${STAFF_ROLES.join(', ')}. An authenticator is enrolled at the first ` +
  'login. Admins do the rest through the API.';

const isRole = (text: string | undefined): text is StaffRole => STAFF_ROLES.some((role) => role === text);

/**
 * @param args the arguments after the program's name
 * @returns the command, or a sentence that says what is wrong with it
 */
export function readStaffCommand(args: readonly string[]): StaffCommand | string {
  try {
    const options = {
      email: { type: 'string' },
      role: { type: 'string' },
      'password-stdin': { type: 'boolean', default: false },
    } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [verb, ...rest] = positionals;
    if (rest.length > 0 || (verb !== 'create' && verb !== 'list')) return 'Use create or list, nothing else.';
    if (verb === 'list') return { do: 'list' };
    const email = values.email?.trim() ?? '';
    if (email.indexOf('@') < 1 || /\s/.test(email) || email.length > 254)
      return 'create needs --email with an email address.';
    if (!isRole(values.role)) return `create needs --role with one of ${STAFF_ROLES.join(', ')}.`;
    return { do: 'create', email, role: values.role, passwordFromInput: values['password-stdin'] };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
