import { IDEMPOTENCY_KEY } from '../../http/idempotency.js';
import { exampleOfParameter, type ReadOperation, type ReadParameter } from './model.js';

/** Files are not sent as JSON, so a sample shows how to send them. */
const MULTIPART = 'multipart/form-data';

const isShown = ({ required = false, in: place }: ReadParameter) => required || place === 'path';

const valuesIn = (operation: ReadOperation, place: string) =>
  operation.parameters
    .filter((one) => one.in === place && isShown(one))
    .map(
      (one) =>
        [one.name, one.name === IDEMPOTENCY_KEY ? 'a-key-of-yours' : exampleOfParameter(one, operation.path)] as const,
    );

const fileOf = ({ path }: ReadOperation) => (path.endsWith('/keys/file') ? 'keys.txt' : 'guide.pdf');

/** Renders the request as a curl command. @param origin scheme, host and port of this platform */
export function curlOf(operation: ReadOperation, origin: string): string {
  const { method, body, credentials } = operation;
  const path = valuesIn(operation, 'path').reduce(
    (text, [name, value]) => text.replace(`{${name}}`, value),
    operation.path,
  );
  const query = new URLSearchParams(Object.fromEntries(valuesIn(operation, 'query'))).toString();
  const lines = [`curl ${method === 'GET' ? '' : `-X ${method} `}'${origin}${path}${query === '' ? '' : `?${query}`}'`];
  const variable = credentials.includes('staff_token')
    ? 'STAFF_TOKEN'
    : credentials.includes('api_key')
      ? 'STARWALL_API_KEY'
      : 'ACCESS_TOKEN';
  if (credentials.length > 0) lines.push(`-H "Authorization: Bearer $${variable}"`);
  for (const [name, value] of valuesIn(operation, 'header')) lines.push(`-H '${name}: ${value}'`);
  if (body?.type === MULTIPART) lines.push(`-F 'file=@${fileOf(operation)}'`);
  else if (body !== undefined) {
    lines.push(`-H 'Content-Type: ${body.type}'`);
    lines.push(`-d '${JSON.stringify(body.example, undefined, 2).replaceAll("'", String.raw`'\''`)}'`);
  }
  return lines.join(' \\\n  ');
}

/** Renders the request with the typed client. It compiles: test/guards/samples.spec.ts. */
export function typescriptOf(operation: ReadOperation, origin: string): string {
  const { method, path, body, credentials } = operation;
  const setup = [`import { answered, starwall } from 'starwall/client';`];
  const token = credentials.includes('staff_token')
    ? 'STAFF_TOKEN'
    : credentials.includes('api_key')
      ? 'STARWALL_API_KEY'
      : 'ACCESS_TOKEN';
  if (body?.type === MULTIPART) setup.push(`import { readFile } from 'node:fs/promises';`);
  const options = [`url: '${origin}'`, ...(credentials.length === 0 ? [] : [`token: process.env.${token} ?? ''`])];
  const parts = (['path', 'query', 'header'] as const).flatMap((place) => {
    const values = valuesIn(operation, place);
    const typed = values.map(([name, value]) => [name, typedValue(operation, place, name, value)]);
    return values.length === 0 ? [] : [`${place}: ${literal(Object.fromEntries(typed), 2)}`];
  });
  const init: string[] = parts.length === 0 ? [] : [`params: { ${parts.join(', ')} },`];
  if (body?.type === MULTIPART) {
    setup.push(
      '',
      'const form = new FormData();',
      `form.set('file', new Blob([await readFile('${fileOf(operation)}')]), '${fileOf(operation)}');`,
    );
    init.push(`body: { file: '' },`, 'bodySerializer: () => form,');
  } else if (body !== undefined) init.push(`body: ${literal(body.example, 2)},`);
  const call = `api.${method}('${path}'${init.length === 0 ? '' : `, {\n  ${init.join('\n  ')}\n}`})`;
  const hasData = operation.answers.some(({ content }) => 'application/json' in content);
  return [
    ...setup,
    '',
    `const api = starwall({\n${options.map((option) => `  ${option},`).join('\n')}\n});`,
    `${hasData ? 'const data = ' : ''}await answered(${call});`,
  ].join('\n');
}

function typedValue(operation: ReadOperation, place: string, name: string, value: string): unknown {
  const type = operation.parameters.find((one) => one.in === place && one.name === name)?.schema.type;
  return type === 'integer' || type === 'number' ? Number(value) : type === 'boolean' ? value === 'true' : value;
}

/**
 * Formats JSON as a TypeScript literal: names without quotes where possible, text in single quotes. @param indent of
 * its line
 */
function literal(value: unknown, indent: number): string {
  if (typeof value === 'string')
    return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const inner = ' '.repeat(indent + 2);
  const members = Array.isArray(value)
    ? value.map((one) => literal(one, indent + 2))
    : Object.entries(value).map(
        ([name, one]) => `${/^[a-z_]\w*$/i.test(name) ? name : `'${name}'`}: ${literal(one, indent + 2)}`,
      );
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (members.length === 0) return `${open}${close}`;
  const line = Array.isArray(value) ? `[${members.join(', ')}]` : `{ ${members.join(', ')} }`;
  return line.length < 60 && !line.includes('\n')
    ? line
    : `${open}\n${members.map((one) => `${inner}${one},`).join('\n')}\n${' '.repeat(indent)}${close}`;
}
