/** One part of a multipart body. */
export interface Part {
  readonly name: string;
  /** Undefined for a plain parameter. */
  readonly filename: string | undefined;
  readonly mimeType: string;
  readonly content: Buffer;
}

/** Answered with 400 and this message. */
export class UnreadableBody extends Error {
  readonly statusCode = 400;
}

/**
 * Parses a body as the Bot API server does (td, HttpReader): a parameter's value is a quoted string or ends at the
 * next semicolon, spaces within it stay, and percent signs are decoded in both. The server's later changes to a file
 * name, when it names a temporary file, are not imitated.
 */
export function readMultipart(body: Buffer, contentType: string): Part[] {
  const [, given = ''] = contentType.split('boundary=');
  const border = given.split(';')[0]?.trim().replace(/^"/, '').replace(/"$/, '') ?? '';
  if (border === '') throw new UnreadableBody('boundary not found');
  const line = `--${border}`;
  const parts: Part[] = [];
  let at = body.indexOf(line);
  while (at >= 0) {
    at += line.length;
    if (body.toString('latin1', at, at + 2) === '--') return parts;
    const headersEnd = body.indexOf('\r\n\r\n', at);
    const end = headersEnd < 0 ? -1 : body.indexOf(`\r\n${line}`, headersEnd + 2);
    if (end < 0) break;
    const content = body.subarray(headersEnd + 4, end);
    parts.push({ ...headOf(body.toString('utf8', at + 2, headersEnd)), content });
    at = end + 2;
  }
  throw new UnreadableBody("can't parse form data");
}

function headOf(headers: string): Omit<Part, 'content'> {
  let told = new Map<string, string>();
  let mimeType = 'application/octet-stream';
  for (const header of headers.split(/\r\n(?![ \t])/)) {
    const colon = header.indexOf(':');
    const name = header.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const value = header.slice(colon + 1).trim();
    if (name === 'content-type') mimeType = value;
    if (name === 'content-disposition') told = dispositionOf(value);
  }
  const name = told.get('name') ?? '';
  if (name === '') throw new UnreadableBody('field name in multipart/form-data not found');
  return { name, filename: told.get('filename'), mimeType };
}

function dispositionOf(header: string): Map<string, string> {
  if (!header.startsWith('form-data;')) throw new UnreadableBody('expected form-data content disposition');
  const told = new Map<string, string>();
  let rest = header.slice('form-data;'.length).trim();
  for (let equals = rest.indexOf('='); equals >= 0; equals = rest.indexOf('=')) {
    const key = rest.slice(0, equals).trim();
    const { value, after } = valueAt(rest.slice(equals + 1).trim());
    told.set(key, decoded(value));
    rest = after.trim();
  }
  return told;
}

function valueAt(text: string): { readonly value: string; readonly after: string } {
  if (!text.startsWith('"')) {
    const [value = '', ...others] = text.split(';');
    return { value: value.trim(), after: others.join(';') };
  }
  const quoted = /^"((?:[^"\\]|\\[^])*)"/.exec(text);
  if (quoted === null) throw new UnreadableBody('unclosed quoted string in Content-Disposition header');
  const after = text.slice(quoted[0].length).trim();
  if (after !== '' && !after.startsWith(';')) {
    throw new UnreadableBody("expected ';' in Content-Disposition header");
  }
  return { value: (quoted[1] ?? '').replaceAll(/\\([^])/g, '$1'), after: after.slice(1) };
}

/** A percent sign that does not begin an encoded byte stays as it is. */
function decoded(text: string): string {
  if (!text.includes('%')) return text;
  const bytes = Buffer.from(text).toString('latin1');
  const plain = bytes.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1').toString('utf8');
}
