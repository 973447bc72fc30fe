import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z
      .string()
      .describe('The code for programs to switch on. Codes may be added, but never change their meaning.'),
    detail: z.string().describe('One sentence for people.'),
    remedy: z.string().describe('What to do next.'),
    request_id: z.string().describe('The `Request-Id` of this response; mention it when you contact support.'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('The invalid fields, with their problems.'),
  })
  .meta({ description: 'A problem document (RFC 9457).' });

const NAME = 'Problem';
/** The content of a refusal. */
export const PROBLEM_CONTENT = { 'application/problem+json': { schema: { $ref: `#/components/schemas/${NAME}` } } };

/** @returns the document with the schema that {@link PROBLEM_CONTENT} refers to */
export function withProblems(document: OpenAPIObject): OpenAPIObject {
  const { $schema: _, ...problem } = z.toJSONSchema(problemSchema, { io: 'input' });
  const schemas = { ...document.components?.schemas, [NAME]: problem as Record<string, unknown> };
  return { ...document, components: { ...document.components, schemas } };
}
