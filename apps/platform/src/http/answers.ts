import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Shown } from '#libs/kernel';
import type { Commit } from './commit.js';

/** A handler that answers with this. */
type Handler<Answer> = (...parameters: never[]) => Answer | Promise<Answer | Commit<Answer>>;

/**
 * The answer of a route: its status, its schema and what it means. A handler that answers with something else does not compile.
 * @param description the summary of the operation when left out
 */
export function Answers<Schema extends z.ZodType>(status: 200 | 201 | 202, schema: Schema, description?: string) {
  const decorate = applyDecorators(
    HttpCode(status),
    ApiResponse({ status, standardSchema: schema, ...(description === undefined ? {} : { description }) }),
  );
  return <Method extends Handler<Shown<Schema>>>(
    controller: object,
    name: string,
    method: TypedPropertyDescriptor<Method>,
  ): void => decorate(controller, name, method);
}
