import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ChatAccessTerms } from '../kinds/kind-chat-access.js';

/** The terms of a product of the kind `chat_access`. */
@Entity('chat_access_terms')
export class ChatAccessTermsRow implements ChatAccessTerms {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') productId: string;
  @Column('integer', { nullable: true }) days: number | null;
  @Column('integer') graceSeconds: number;
}
