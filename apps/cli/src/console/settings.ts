export type Environment = Readonly<Record<string, string | undefined>>;

/** The address of a platform on this machine. */
export const DEFAULT_URL = 'http://127.0.0.1:3000';

/** The platform and the credential set in the environment; an empty variable counts as absent. */
export const readSettings = (env: Environment) => ({
  url: env['STARWALL_URL'] || undefined,
  apiKey: env['STARWALL_API_KEY'] || undefined,
});
