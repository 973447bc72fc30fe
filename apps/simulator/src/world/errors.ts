/** A refusal of the Bot API, sent as `{ok: false, error_code, description, parameters?}`. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    readonly description: string,
    readonly parameters?: { readonly retry_after: number } | { readonly migrate_to_chat_id: number },
  ) {
    super(description);
  }

  override get name(): string {
    return 'ApiError';
  }
}

/**
 * 400 with Telegram's prefix. `detail` starts as Telegram's does: lower case for sentences, CAPITALS for MTProto
 * codes.
 */
export function badRequest(detail: string): ApiError {
  return new ApiError(400, `Bad Request: ${detail}`);
}

/** A refusal of the control API: the person or test that plays the buyer asked for something impossible. */
export class WorldError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: 400 | 403 | 404 | 409 = 409,
  ) {
    super(message);
  }

  override get name(): string {
    return 'WorldError';
  }
}
