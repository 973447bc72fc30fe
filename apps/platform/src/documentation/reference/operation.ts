import { ERRORS } from './error-list.js';
import { fieldsOf, parametersOf, type Shelf } from './fields.js';
import { codeBlock, type Html, html, prose } from './html.js';
import { exampleOfParameter, type ReadOperation, type ReadParameter } from './model.js';
import { curlOf, typescriptOf } from './samples.js';
import { IDEMPOTENCY_KEY } from '../../http/idempotency.js';

const PLACES: readonly (readonly [string, string])[] = [
  ['path', 'In the path'],
  ['query', 'In the query'],
  ['header', 'Headers'],
];

/** Renders one operation: its description and parameters on the left, example request and response on the right. */
export function operationSection(operation: ReadOperation, shelf: Shelf, origin: string): Html {
  const { id, method, path, summary, description, body, answers } = operation;
  const [answer] = answers;
  const shown = answer?.content['application/json'];
  const takes = body?.schema === undefined ? undefined : fieldsOf(body.schema, shelf);
  const gives = shown?.schema === undefined ? undefined : fieldsOf(shown.schema, shelf);
  return html`<section class="operation" id="${id}" aria-labelledby="${id}-title">
<div class="about"><h2 id="${id}-title"><a href="#${id}">${summary}</a></h2>
<p class="route"><span class="method ${method.toLowerCase()}">${method}</span> <code>${path}</code></p>
<p>${prose(description, shelf.links)}</p>${PLACES.map(([place, title]) => {
    const found = operation.parameters.filter((one) => one.in === place);
    return found.length === 0 ? undefined : html`<h3>${title}</h3>${parametersOf(found, shelf)}`;
  })}${takes === undefined ? undefined : html`<h3>Body</h3>${takes}`}${
    answer === undefined
      ? undefined
      : html`<h3>Answer</h3><p><code>${answer.status}</code> ${prose(answer.description, shelf.links)}</p>`
  }${gives === undefined ? undefined : html`<details><summary>Fields of the response</summary>${gives}</details>`}${errorsOf(operation, shelf)}</div>
<div class="examples">${samples(operation, origin)}${tryIt(operation)}${
    shown === undefined
      ? undefined
      : codeBlock(JSON.stringify(shown.example, undefined, 2), `Answer ${answer?.status ?? ''}`)
  }</div></section>`;
}

function samples(operation: ReadOperation, origin: string): Html {
  return html`<div class="samples" role="group" aria-label="Examples of ${operation.summary}"><div class="choice"><button type="button" data-language="curl" aria-pressed="true">curl</button><button type="button" data-language="typescript" aria-pressed="false">TypeScript</button></div><div data-sample="curl">${codeBlock(curlOf(operation, origin), 'Request')}</div><div data-sample="typescript" hidden>${codeBlock(typescriptOf(operation, origin), 'Request')}</div></div>`;
}

function errorsOf({ refusals }: ReadOperation, { links }: Shelf): Html {
  const rows = refusals.map(({ status, code }) => {
    const known = ERRORS.find((one) => one.code === code);
    return html`<li><code>${code}</code> <span class="type">${status}</span><p>${known === undefined ? undefined : html`${prose(known.sentence, links)} <span class="remedy">${prose(known.remedy, links)}</span>`}</p></li>`;
  });
  return html`<details><summary>Errors (${rows.length})</summary><ul class="fields errors">${rows}</ul></details>`;
}

/**
 * True for operations that accept an API key and take only JSON: no passwords are typed here, and no files are sent.
 */
const canTry = ({ credentials, body }: ReadOperation) =>
  credentials.includes('api_key') && (body === undefined || body.type === 'application/json');

function tryIt(operation: ReadOperation): Html | undefined {
  if (!canTry(operation)) return undefined;
  const { id, method, path, parameters, body } = operation;
  const inputs = parameters
    .filter((one) => one.in === 'path' || one.in === 'query')
    .map((one) => input(one, operation));
  const isKeyed = parameters.some(({ name }) => name === IDEMPOTENCY_KEY);
  return html`<details class="try"><summary>Try it</summary><form data-method="${method}" data-path="${path}"${isKeyed ? html` data-keyed` : undefined}>
<label>API key<input name="key" type="password" autocomplete="off" spellcheck="false" placeholder="sw_test_..." required></label>${inputs}${
    body === undefined
      ? undefined
      : html`<label>Body<textarea name="body" rows="10" spellcheck="false">${JSON.stringify(body.example, undefined, 2)}</textarea></label>`
  }<button type="submit" class="send">Send ${method}</button><div class="result" role="status" aria-label="Answer to ${id}"></div></form></details>`;
}

const input = (parameter: ReadParameter, { path }: ReadOperation): Html =>
  html`<label>${parameter.name}<input name="${parameter.in}:${parameter.name}" autocomplete="off" spellcheck="false" placeholder="${exampleOfParameter(parameter, path)}"${
    parameter.in === 'path' || parameter.required === true ? html` required` : undefined
  }></label>`;
