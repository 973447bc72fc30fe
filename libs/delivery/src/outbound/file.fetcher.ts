import { Injectable } from '@nestjs/common';
import { EmptyFile, FileService, FileTooLarge, type KeptFile } from '#libs/catalog';
import { FileNotFetched, fileIn } from './fetched-file.js';
import { UnsafeAddress } from './address-guard.js';
import { CallFailed, Outbound } from './outbound.service.js';

const HEADERS = { accept: '*/*', 'user-agent': 'Starwall/1 (+goods)' };

/**
 * Fetches goods from addresses that creators' servers supply, through the same guard as every other call to a stranger.
 */
@Injectable()
export class FileFetcher {
  constructor(
    private readonly outbound: Outbound,
    private readonly files: FileService,
  ) {}

  /** Checks an address without any call. @throws UnsafeAddress */
  check(address: string): void {
    this.outbound.check(address);
  }

  /**
   * Streams a file to the storage without loading it into memory. Outside of any transaction; the caller writes the
   * row.
   * @throws FileNotFetched for everything that the creator can fix or has to wait for; other errors are internal
   */
  async fetch(tenantId: string, address: string): Promise<KeptFile> {
    try {
      return await this.outbound.get(address, HEADERS, (answer) => {
        const file = fileIn(address, answer);
        return this.files.keep(tenantId, { ...file, stream: answer.body });
      });
    } catch (error) {
      if (error instanceof CallFailed) throw new FileNotFetched(error.message, true);
      if (error instanceof FileTooLarge) throw new FileNotFetched('it has more than 50 MB', false);
      if (error instanceof EmptyFile) throw new FileNotFetched('it is empty', false);
      if (error instanceof UnsafeAddress) throw new FileNotFetched(sentence(error.message), false);
      throw error;
    }
  }
}

/** Turns a message into the end of a sentence. */
const sentence = (text: string) => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
