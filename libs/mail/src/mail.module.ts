import { Module } from '@nestjs/common';
import { MailStore } from './mail.store.js';
import { Mailer } from './mailer.service.js';

/** Emails to the people of workspaces. */
@Module({ providers: [MailStore, Mailer], exports: [MailStore, Mailer] })
export class MailModule {}
