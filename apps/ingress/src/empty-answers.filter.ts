import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { statusOfFailure } from './ingress-status.js';

/**
 * Answers requests that no route handles. The response is empty, because Telegram executes method calls in the body.
 */
@Catch()
export class EmptyAnswers implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const notFound = error instanceof HttpException && error.getStatus() === 404;
    void host
      .switchToHttp()
      .getResponse<FastifyReply>()
      .code(notFound ? 404 : statusOfFailure(error))
      .send();
  }
}
