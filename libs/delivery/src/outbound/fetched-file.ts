import { parse } from 'content-disposition';
import { FileTooLarge, MAX_FILE_BYTES } from '#libs/catalog';
import { DomainError } from '#libs/kernel';

/** Thrown when a file could not be fetched. */
export class FileNotFetched extends DomainError {
  static readonly code = 'file_not_fetched';
  static readonly refusal = 'invalid';
  readonly remedy =
    'Make the address answer GET with 200 and the file itself: at most 50 MB, within two minutes, without a redirect.';

  /**
   * @param because ends the sentence "The file at your file_url was not fetched: ..."
   * @param passing true if it may be temporary, so that a retry soon may help
   */
  constructor(
    because: string,
    readonly passing: boolean,
  ) {
    super(`The file at your file_url was not fetched: ${because}.`);
  }
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Pages for browsers that no buyer has paid for: login forms and errors, with status 200. */
const PAGES = new Set(['text/html', 'application/xhtml+xml']);

/**
 * Reads the file's metadata from a response. Names and types are sanitised where they are stored.
 * @throws FileNotFetched when there is no file, FileTooLarge when the headers declare too large a file
 */
export function fileIn(
  address: string,
  { status, headers }: { readonly status: number; readonly headers: Headers },
): { readonly name: string; readonly mime: string } {
  if (status >= 300 && status < 400)
    throw new FileNotFetched(`your server answered ${status}, and redirects are not followed`, false);
  if (status !== 200) throw new FileNotFetched(`your server answered ${status}`, status === 429 || status >= 500);
  const encoding = textOf(headers['content-encoding']) ?? 'identity';
  if (encoding !== 'identity')
    throw new FileNotFetched('your server encoded it (content-encoding) without being asked to', false);
  const mime = textOf(headers['content-type']) ?? '';
  const { type, filename } = dispositionOf(textOf(headers['content-disposition']));
  const isPage = PAGES.has(mime.split(';')[0]?.trim().toLowerCase() ?? '');
  if (isPage && type !== 'attachment')
    throw new FileNotFetched(
      'your server answered with a web page; add `content-disposition: attachment` if that is what you sell',
      false,
    );
  if (Number(textOf(headers['content-length']) ?? 0) > MAX_FILE_BYTES) throw new FileTooLarge();
  return { name: filename ?? lastOf(address), mime };
}

const textOf = (value: Headers[string]) => (typeof value === 'object' ? value[0] : value);

function dispositionOf(header: string | undefined): { type?: string; filename?: string | undefined } {
  if (header === undefined) return {};
  const { type, parameters } = parse(header);
  return { type: type.toLowerCase(), filename: parameters['filename'] };
}

/** The last part of a URL's path, decoded as far as possible. */
function lastOf(address: string): string {
  const part = new URL(address).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
