import { Module } from '@nestjs/common';
import { ProblemReader } from './problem.reader.js';
import { TroubleReader } from './trouble.reader.js';

const EXPORTED = [TroubleReader, ProblemReader];

/** Lists what is stuck, for staff and for a bot's creator. Where to look for it is said by the cards of the tables. */
@Module({ providers: EXPORTED, exports: EXPORTED })
export class OperationsModule {}
