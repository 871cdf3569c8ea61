import { text, word } from '../fields/scalars.ts';
import { secret } from '../fields/secret.ts';
import type { Kind } from '../kind.ts';
import { monitorKind } from './monitor-kind.ts';

const debug = word('debug', ['no', 'yes']);
const login = [text('username'), secret('password')];

/** Monitors that speak to mail and news servers (defaults K). */
export const mailMonitorKinds: readonly Kind[] = [
  monitorKind({ name: 'smtp', root: 'smtp', opaque: true, fields: [debug, text('domain')] }),
  monitorKind({
    name: 'imap',
    root: 'imap',
    opaque: true,
    fields: [debug, text('folder', { default: 'INBOX' }), ...login],
  }),
  monitorKind({ name: 'pop3', root: 'pop3', opaque: true, fields: [debug, ...login] }),
  monitorKind({ name: 'nntp', root: 'nntp', opaque: true, fields: [debug, text('newsgroup'), ...login] }),
];
