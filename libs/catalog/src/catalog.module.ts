import { join } from 'node:path';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Database } from '#libs/database';
import { Quotas } from '#libs/quotas';
import { DirectoryStorage } from './files/directory.storage.js';
import { FileService } from './files/file.service.js';
import { sweepSpool } from './files/file.spool.js';
import { FileStorage } from './files/file.storage.js';
import { LicenceKeyService } from './products/licence-key.service.js';
import { LicencePool } from './products/licence-pool.service.js';
import { PaidCommandReader } from './products/paid-command.reader.js';
import { ProductSearch } from './products/product-search.service.js';
import { ProductService } from './products/product.service.js';
import { ShopOrder } from './products/shop-order.service.js';
import { S3Storage, type S3Settings } from './files/s3.storage.js';

export interface CatalogOptions {
  /** The folder of files and of uploads in progress; with S3, only of the uploads. */
  readonly dataDir: string;
  /** Stores files in S3 instead. */
  readonly s3: S3Settings | undefined;
}

const SERVICES = [ProductService, ProductSearch, LicenceKeyService, LicencePool, PaidCommandReader, ShopOrder];

/** Products and the files that are sold. */
@Module({})
export class CatalogModule {
  /** @param files if omitted, there is no FileService, and no folder is created */
  static with(files?: CatalogOptions): DynamicModule {
    const providers = files === undefined ? SERVICES : [...SERVICES, ...fileProviders(files)];
    const exports = files === undefined ? SERVICES : [...SERVICES, FileService];
    return { module: CatalogModule, global: true, providers, exports };
  }
}

function fileProviders({ dataDir, s3 }: CatalogOptions): Provider[] {
  const root = join(dataDir, 'files');
  const spoolFolder = join(root, 'incoming');
  return [
    { provide: FileStorage, useValue: s3 === undefined ? new DirectoryStorage(root) : new S3Storage(s3) },
    {
      provide: FileService,
      inject: [Database, FileStorage, Quotas],
      useFactory: async (db: Database, storage: FileStorage, quotas: Quotas) => {
        await sweepSpool(spoolFolder, new Date());
        return new FileService(db, storage, spoolFolder, quotas);
      },
    },
  ];
}
