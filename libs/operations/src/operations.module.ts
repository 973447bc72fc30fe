import { Module } from '@nestjs/common';
import { ProblemReader } from './problem.reader.js';
import { TroubleReader } from './trouble.reader.js';

const EXPORTED = [TroubleReader, ProblemReader];

/** Lists stuck work, for staff and for a bot's creator. The table cards define the searches. */
@Module({ providers: EXPORTED, exports: EXPORTED })
export class OperationsModule {}
