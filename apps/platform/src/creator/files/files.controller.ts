import { Body, Controller, Get, Header, Param, Patch, Post, Req, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type FileRow,
  FileService,
  type KeptFile,
  MAX_FILE_BYTES,
  EmptyFile,
  FileTooLarge,
  StorageFull,
  StorageUnavailable,
} from '#libs/catalog';
import { Database } from '#libs/database';
import { publicId, type Shown } from '#libs/kernel';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Commit } from '../../http/commit.js';
import { Idempotency } from '../../http/idempotency.js';
import { idOf, type NotesChange, notesChange, notesView } from '../../http/schema.js';
import { attachment } from '../../http/attachment.js';
import { uploadOf, InvalidUpload } from './upload.js';
import { Refuses } from '../../http/refuses.js';
import { QuotaExhausted } from '#libs/quotas';
import { Answers } from '../../http/answers.js';

const fileId = idOf('file');
const updateFileSchema = notesChange('UpdateFile');

export const fileViewSchema = z
  .object({
    object: z.literal('file'),
    id: z.string(),
    name: z.string().describe('The file name that buyers see.'),
    mime: z.string(),
    bytes: z.int().min(1).max(MAX_FILE_BYTES),
    sha256: z.string().describe('Hash of the content, in hex.'),
    metadata: notesView,
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'File' });

export const fileView = (row: FileRow): Shown<typeof fileViewSchema> => ({
  object: 'file' as const,
  id: publicId('file', row.id),
  name: row.name,
  mime: row.mime,
  bytes: row.bytes,
  sha256: row.sha256.toString('hex'),
  metadata: row.metadata,
  created_at: row.createdAt.toISOString(),
});

const contentOf = ({ sha256, name, mime }: KeptFile) =>
  Buffer.concat([sha256, Buffer.from(JSON.stringify([name, mime]))]);

@ApiTags('Files')
@Controller('v1/files')
export class FilesController {
  constructor(
    private readonly db: Database,
    private readonly files: FileService,
  ) {}

  @Post()
  @Idempotency({ prepares: true })
  @Creator('products:write')
  @Refuses(InvalidUpload, QuotaExhausted, FileTooLarge, EmptyFile, StorageUnavailable, StorageFull)
  @ApiOperation({
    summary: 'Upload a file to sell',
    description: 'At most 50 MB (52,428,800 bytes): the limit for bots.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
  })
  @Answers(201, fileViewSchema, 'The file is stored.')
  async create(@Who() who: CreatorSession, @Req() request: FastifyRequest) {
    const { tenantId } = who;
    const kept = await this.files.receive(tenantId, await uploadOf(request));
    return new Commit(
      async () => fileView(await this.db.inTenant(tenantId, (tx) => this.files.add(tx, kept))),
      contentOf(kept),
      () => this.files.drop(kept),
    );
  }

  @Get(':id')
  @Creator('products:read')
  @ApiOperation({ summary: 'Read the metadata of a file' })
  @Answers(200, fileViewSchema, 'The file, without its content.')
  async get(@Who() who: CreatorSession, @Param('id', { schema: fileId }) id: string) {
    return fileView(await this.db.inTenant(who.tenantId, (tx) => this.files.get(tx, id)));
  }

  @Patch(':id')
  @Creator('products:write')
  @ApiOperation({
    summary: "Change a file's metadata",
    description: 'The file itself never changes: upload another one.',
  })
  @Answers(200, fileViewSchema, 'The file as it is now.')
  async update(
    @Who() who: CreatorSession,
    @Param('id', { schema: fileId }) id: string,
    @Body({ schema: updateFileSchema }) { metadata }: NotesChange,
  ) {
    return fileView(await this.db.inTenant(who.tenantId, (tx) => this.files.setMetadata(tx, id, metadata)));
  }

  @Get(':id/content')
  @Creator('products:read')
  @Refuses(StorageUnavailable)
  @Header('Cache-Control', 'private, no-store')
  @Header('X-Content-Type-Options', 'nosniff')
  @ApiOperation({ summary: 'Download a file' })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' }, description: 'The content, byte for byte.' })
  async content(@Who() who: CreatorSession, @Param('id', { schema: fileId }) id: string) {
    const { file, stream } = await this.db.inTenant(who.tenantId, (tx) => this.files.open(tx, id));
    return new StreamableFile(stream, { type: file.mime, disposition: attachment(file.name), length: file.bytes });
  }
}
