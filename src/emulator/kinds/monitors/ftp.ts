import { text, word } from '../fields/scalars.ts';
import { secret } from '../fields/secret.ts';
import { monitorKind } from './monitor-kind.ts';

/** FTP monitors, as recorded on 14.1: fetch a file. */
export const ftpMonitorKind = monitorKind({
  name: 'ftp',
  root: 'ftp',
  pace: [10, 31],
  opaque: true,
  fields: [
    word('debug', ['no', 'yes']),
    text('filename'),
    word('mode', ['passive', 'port']),
    secret('password'),
    text('username'),
  ],
});
