import { flags } from '../fields/flags.ts';
import { integer, text, word } from '../fields/scalars.ts';
import { secret } from '../fields/secret.ts';
import { defineKind } from '../kind.ts';

/** Servers that take the device's mail, as recorded on 13.0. */
export const smtpServerKind = defineKind({
  path: 'sys/smtp-server',
  type: 'SMTP server',
  fields: [
    flags(['authenticationDisabled', 'authenticationEnabled'], { default: 'authenticationDisabled' }),
    text('description'),
    word('encryptedConnection', ['none', 'ssl', 'tls']),
    text('fromAddress'),
    text('localHostName'),
    secret('passwordEncrypted'),
    text('smtpServerHostName'),
    integer('smtpServerPort', 25, { min: 1, max: 65_535 }),
    text('username'),
  ],
});
