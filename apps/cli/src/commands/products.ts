import type { Command } from 'commander';
import { answered, type Schema } from '#libs/client';
import { given, here, limit, number } from '../console/arguments.js';
import { connect } from '../console/credentials.js';
import { objectOf, textOf } from '../console/input.js';
import { column, say, sayPage, stars } from '../console/say.js';
import type { Environment } from '../console/settings.js';

/** The fields of a product that have their own option; `--data` accepts all of them. */
interface Fields {
  readonly title?: string;
  readonly description?: string;
  readonly stars?: number;
  readonly content?: string;
  readonly stock?: number;
  readonly data?: string;
}

const withFields = (command: Command) =>
  command
    .option('--title <text>', 'one line, shown on the invoice')
    .option('--description <text>', 'shown on the invoice')
    .option('--stars <count>', 'the price', number(0, 1_000_000, true))
    .option('--content <text>', 'the goods of a text or link product: the text itself, @file, or - for standard input')
    .option('--stock <count>', 'units left', number(0, 1_000_000_000, true))
    .option('--data <json>', 'any fields of the API as JSON: the text itself, @file, or - for standard input');

export function addProductCommands(program: Command, env: Environment): void {
  const products = program.command('products').description('products and their prices');
  products
    .command('list')
    .description('list products, newest first')
    .addOption(limit())
    .option('--bot <id>', 'only of this bot')
    .action(here(env, listProducts));
  products.command('show <id>').description('show a product').action(here(env, showProduct));
  withFields(products.command('create').description('put a product on sale'))
    .requiredOption('--bot <id>', 'the bot that sells it')
    .option('--kind <kind>', 'text, link, file, licence_key, callback, ...', 'text')
    .action(here(env, createProduct));
  withFields(products.command('update <id>').description('change a product')).action(here(env, updateProduct));
  products
    .command('archive <id>')
    .description('take a product off sale')
    .action(here(env, move('archive')));
  products
    .command('activate <id>')
    .description('put a draft or an archived product on sale')
    .action(here(env, move('activate')));
}

async function listProducts(env: Environment, options: { limit: number; bot?: string }, command: Command) {
  const api = await connect(env);
  const query = given({ limit: options.limit, bot_id: options.bot });
  const page = await answered(api.GET('/v1/products', { params: { query } }));
  sayPage(command, page, productLine);
}

const productLine = ({ id, state, kind, stars: price, title }: Schema<'Product'>) =>
  `${id}  ${column(state, 8)}  ${column(kind, 12)}  ${column(stars(price), 10)}  ${title}`;

async function showProduct(env: Environment, id: string, _options: object, command: Command): Promise<void> {
  const api = await connect(env);
  const product = await answered(api.GET('/v1/products/{id}', { params: { path: { id } } }));
  say(command, product, JSON.stringify(product, null, 2));
}

async function createProduct(env: Environment, options: Fields & { bot: string; kind: string }, command: Command) {
  const api = await connect(env);
  const { bot, kind, ...fields } = options;
  const body = { bot_id: bot, kind, ...(await fieldsOf(fields)) } as Schema<'CreateProduct'>;
  const product = await answered(api.POST('/v1/products', { body }));
  const secret = product.fulfilment_secret;
  say(command, product, productLine(product), ...(secret === undefined ? [] : [`Its secret, shown once: ${secret}`]));
}

async function updateProduct(env: Environment, id: string, options: Fields, command: Command): Promise<void> {
  const api = await connect(env);
  const body = await fieldsOf(options);
  const product = await answered(api.PATCH('/v1/products/{id}', { params: { path: { id } }, body }));
  say(command, product, productLine(product));
}

/** A field's own option overrides `--data`. */
async function fieldsOf({ data, content, ...options }: Fields): Promise<Record<string, unknown>> {
  const more = data === undefined ? {} : await objectOf(data);
  return { ...more, ...given({ ...options, content: content === undefined ? undefined : await textOf(content) }) };
}

const move =
  (to: 'archive' | 'activate') =>
  async (env: Environment, id: string, _options: object, command: Command): Promise<void> => {
    const api = await connect(env);
    const product = await answered(api.POST(`/v1/products/{id}/${to}`, { params: { path: { id } } }));
    say(command, product, productLine(product));
  };
