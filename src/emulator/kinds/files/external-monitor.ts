import { createHash } from 'node:crypto';
import { text } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';
import { fileInUse } from './errors.ts';
import { fileFields, takeContent } from './file-fields.ts';

/** Programs of external monitors, as recorded on 13.1. */
export const externalMonitorFileKind = defineKind({
  path: 'sys/file/external-monitor',
  type: 'External monitor file',
  fields: [...fileFields(33_261), text('description')],
  stock: [{ name: 'arg_example', values: exampleProgram() }],
  hooks: {
    prepare: (draft, session) => {
      takeContent(draft, session);
    },
    inUse: (file) => fileInUse(file.fullPath),
  },
});

/** The program of an empty box that shows how arguments arrive. */
function exampleProgram(): Readonly<Record<string, unknown>> {
  const content = '#!/bin/sh\n# $1 is the address, $2 the port, then come the arguments of the monitor.\nexit 0\n';
  const time = '2018-06-16T06:49:11Z';
  return {
    checksum: `SHA1:${content.length}:${createHash('sha1').update(content).digest('hex')}`,
    content,
    createTime: time,
    createdBy: 'root',
    lastUpdateTime: time,
    size: content.length,
    systemPath: '/config/monitors/arg_example',
    updatedBy: 'root',
  };
}
