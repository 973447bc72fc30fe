import { type Html, html, type Links, prose } from './html.js';
import { nameOf, type ReadParameter, type ReadSchema, resolved, valueText } from './model.js';

/** Levels of nested fields that are shown. */
const DEEPEST = 4;

export interface Shelf {
  readonly schemas: Readonly<Record<string, ReadSchema>>;
  readonly links: Links;
}

/** Lists the fields of an object, each with its type, limits and description; nested fields are folded. */
export function fieldsOf(schema: ReadSchema, shelf: Shelf, depth = 0, seen: readonly string[] = []): Html | undefined {
  const inner = objectIn(schema, shelf, seen);
  if (inner === undefined || depth >= DEEPEST) return undefined;
  const { found, path } = inner;
  const required = new Set(found.required);
  const rows = Object.entries(found.properties ?? {}).map(([name, field]) =>
    row({ name, field, isRequired: required.has(name), below: fieldsOf(field, shelf, depth + 1, path) }, shelf),
  );
  return rows.length === 0 ? undefined : html`<ul class="fields">${rows}</ul>`;
}

export const parametersOf = (parameters: readonly ReadParameter[], shelf: Shelf): Html =>
  html`<ul class="fields">${parameters.map(({ name, required = false, description, schema }) =>
    row({ name, field: { ...schema, description: description ?? '' }, isRequired: required, below: undefined }, shelf),
  )}</ul>`;

interface Row {
  readonly name: string;
  readonly field: ReadSchema;
  readonly isRequired: boolean;
  readonly below: Html | undefined;
}

function row({ name, field, isRequired, below }: Row, { schemas, links }: Shelf): Html {
  const facts = resolved(field, schemas);
  const values = (facts.enum ?? []).filter((one) => one !== null);
  return html`<li><div class="field-head"><code class="field">${name}</code> <span class="type">${typeOf(field, schemas)}</span>${
    isRequired ? html`<span class="required">required</span>` : undefined
  }</div>${facts.description === undefined || facts.description === '' ? undefined : html`<p>${prose(facts.description, links)}</p>`}${
    values.length > 1
      ? html`<p class="values">One of ${values.map((one) => html`<code>${valueText(one)}</code> `)}</p>`
      : undefined
  }${limits(facts)}${below === undefined ? undefined : html`<details><summary>Fields of ${name}</summary>${below}</details>`}</li>`;
}

function limits({ minLength, maxLength, minimum, maximum, default: usual }: ReadSchema): Html | undefined {
  const isBound = (value: number | undefined): value is number =>
    value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  const words = [
    isBound(maxLength) ? `${(minLength ?? 0) > 0 ? `${minLength} to` : 'at most'} ${maxLength} characters` : undefined,
    isBound(minimum) && isBound(maximum)
      ? `${minimum} to ${maximum}`
      : isBound(maximum)
        ? `at most ${maximum}`
        : isBound(minimum) && minimum !== 0
          ? `at least ${minimum}`
          : undefined,
    usual === undefined || typeof usual === 'object' ? undefined : `${valueText(usual)} when left out`,
  ].filter((one) => one !== undefined);
  return words.length === 0 ? undefined : html`<p class="limits">${words.join('; ')}</p>`;
}

function typeOf(schema: ReadSchema, schemas: Readonly<Record<string, ReadSchema>>): string {
  const facts = resolved(schema, schemas);
  const variants = facts.anyOf ?? facts.oneOf;
  if (variants !== undefined) return [...new Set(variants.map((one) => typeOf(one, schemas)))].join(' or ');
  if (facts.const !== undefined) return JSON.stringify(facts.const);
  const names = [facts.type ?? 'object'].flat();
  return names
    .map((name) =>
      name === 'array'
        ? `list of ${typeOf(facts.items ?? {}, schemas)}`
        : name === 'integer'
          ? 'whole number'
          : name === 'string' && facts.format !== undefined
            ? facts.format
            : name,
    )
    .join(' or ');
}

/**
 * Returns the object that a field contains or lists, if any. @param seen names of the enclosing objects, to stop at
 * recursion
 */
function objectIn(
  schema: ReadSchema,
  { schemas }: Shelf,
  seen: readonly string[],
): { readonly found: ReadSchema; readonly path: readonly string[] } | undefined {
  const name = schema.$ref === undefined ? undefined : nameOf(schema.$ref);
  if (name !== undefined && seen.includes(name)) return undefined;
  const path = name === undefined ? seen : [...seen, name];
  const facts = resolved(schema, schemas);
  if (facts.properties !== undefined) return { found: facts, path };
  if (facts.items !== undefined) return objectIn(facts.items, { schemas, links: () => undefined }, path);
  const parts = facts.allOf ?? [];
  if (parts.length > 0) {
    const all = parts.flatMap((part) => objectIn(part, { schemas, links: () => undefined }, path) ?? []);
    const properties = Object.assign({}, ...all.map(({ found }) => found.properties)) as Record<string, ReadSchema>;
    return { found: { properties, required: all.flatMap(({ found }) => found.required ?? []) }, path };
  }
  for (const variant of facts.anyOf ?? facts.oneOf ?? []) {
    const inner = objectIn(variant, { schemas, links: () => undefined }, path);
    if (inner !== undefined) return inner;
  }
  return undefined;
}
