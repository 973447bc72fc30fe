import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Shown } from '#libs/kernel';
import type { Commit } from './commit.js';

/** A handler with this response. */
type Handler<Answer> = (...parameters: never[]) => Answer | Promise<Answer | Commit<Answer>>;

/**
 * Declares a route's response: status, schema and description. A handler that returns something else does not
 * compile.
 * @param description the summary of the operation if omitted
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
