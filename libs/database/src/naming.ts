import { DefaultNamingStrategy, getMetadataArgsStorage } from 'typeorm';

const snake = (name: string) => name.replace(/[A-Z]/g, (char) => `_${char.toLowerCase()}`);

/** `tenantId` in code is `tenant_id` in the database. Tables are always named explicitly. */
export class SnakeNaming extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? snake(propertyName);
  }
}

/** The select list that maps a table to all columns of its entity. @param alias of the table in the statement */
export function columnsOf(entity: new () => object, alias: string): string {
  return getMetadataArgsStorage()
    .columns.filter(({ target }) => target === entity)
    .map(({ propertyName, options }) => `${alias}.${options.name ?? snake(propertyName)} as "${propertyName}"`)
    .join(', ');
}
