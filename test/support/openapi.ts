import type { Starwall } from './starwall.js';

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly minLength?: number;
  readonly format?: string;
}

interface Content {
  readonly [mime: string]: { readonly schema?: Schema; readonly example?: unknown };
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

export interface Operation {
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete';
  readonly path: string;
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, Answer>>;
}

interface Answer {
  readonly description: string;
  readonly content?: Content;
  readonly headers?: object;
}

/** An operation as in the document, with references to answers that several operations share. */
interface Described extends Omit<Operation, 'method' | 'path' | 'responses'> {
  readonly responses: Readonly<Record<string, Answer | { readonly $ref: string }>>;
}

export interface Document {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Answer>>;
  };
}

/** The API's own description. A test that reads it covers routes that are added later. */
export class Api {
  readonly operations: readonly Operation[];

  constructor(readonly document: Document) {
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, facts]) => {
        const responses = Object.fromEntries(
          Object.entries(facts.responses).map(([status, answer]) => [status, this.answer(answer)]),
        );
        return { ...facts, responses, path, method: method as Operation['method'] };
      }),
    );
  }

  private answer(given: Answer | { readonly $ref: string }): Answer {
    if (!('$ref' in given)) return given;
    const answer = this.document.components.responses[given.$ref.split('/').at(-1) ?? ''];
    if (answer === undefined) throw new Error(`The document refers to ${given.$ref}, which it does not have.`);
    return answer;
  }

  static async of(starwall: Starwall): Promise<Api> {
    return new Api((await starwall.http().get('/docs/openapi.json').expect(200)).body as Document);
  }

  /** Tells whether an operation is for the platform's staff, and so not available to creators. */
  static isForStaff(operation: Operation): boolean {
    return operation.path.startsWith('/v1/staff/');
  }

  /** All operations except those for staff. */
  get creators(): readonly Operation[] {
    return this.operations.filter((one) => !Api.isForStaff(one));
  }

  /** Returns the error codes named in an answer's description. */
  static codesOf(description: string): string[] {
    const list = /Codes: (.*)\.$/.exec(description)?.[1] ?? '';
    return [...list.matchAll(/`(\w+)`/g)].map(([, code]) => String(code));
  }

  /** Returns the fields of an operation's answer, or undefined if that is not a JSON object. */
  answerOf(operation: Operation): readonly string[] | undefined {
    const good = Object.entries(operation.responses).find(([code]) => code.startsWith('2'))?.[1];
    const schema = good?.content?.['application/json']?.schema;
    const properties = schema && this.resolve(schema).properties;
    return properties && Object.keys(properties);
  }

  /** Returns the documented example body of an operation, or the smallest valid one; undefined if it takes no JSON. */
  bodyFor(operation: Operation): object | undefined {
    const media = operation.requestBody?.content['application/json'];
    if (media?.schema === undefined) return undefined;
    return (media.example ?? this.example(media.schema)) as object;
  }

  private example(given: Schema): unknown {
    const schema = this.resolve(given);
    const [first] = schema.anyOf ?? [];
    if (first !== undefined) return this.example(first);
    if (schema.enum !== undefined) return schema.enum[0];
    const type = Array.isArray(schema.type) ? String(schema.type[0]) : schema.type;
    if (type === 'integer' || type === 'number') return Math.max(schema.minimum ?? 1, 1);
    if (type === 'boolean') return true;
    if (type === 'array') return [];
    if (type === 'string')
      return schema.format === 'date-time' ? new Date().toISOString() : 'x'.repeat(schema.minLength ?? 1);
    const required = (schema.required ?? []).map((name) => [name, this.example(schema.properties?.[name] ?? {})]);
    return Object.fromEntries(required);
  }

  /** Resolves a reference to its schema. */
  resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1);
    return name === undefined ? schema : (this.document.components.schemas[name] ?? {});
  }
}
