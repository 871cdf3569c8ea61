import { createHash } from 'node:crypto';
import { invalidValue } from '../../errors/mcp.ts';
import type { Session } from '../../session/session.ts';
import type { Field } from '../field.ts';
import { asText, readOnly } from '../fields/scalars.ts';
import type { Draft } from '../kind.ts';
import { sourceMissing } from './errors.ts';

/** `file:/var/x`, `file:///var/x`, `/var/x`: the path on the device. */
function localPath(source: string): string {
  const path = source.replace(/^file:\/*/v, '/');
  if (!path.startsWith('/')) {
    throw invalidValue('source-path', source);
  }
  return path;
}

/** `sourcePath`: where the content is taken from, printed as `file:///...` (recorded). */
function sourcePath(): Field {
  return {
    name: 'sourcePath',
    parse: (value) => {
      const given = asText(value, 'source-path');
      return given === '' || given === 'none' ? undefined : `file://${localPath(given)}`;
    },
  };
}

/** What every file object has (fact sheet 8.11). `mode` is that of the file, in decimal. */
export function fileFields(mode: number): readonly Field[] {
  return [
    readOnly('checksum', undefined),
    readOnly('createTime', undefined),
    readOnly('createdBy', undefined),
    readOnly('lastUpdateTime', undefined),
    readOnly('mode', mode),
    readOnly('revision', 1),
    readOnly('size', undefined),
    sourcePath(),
    readOnly('systemPath', undefined),
    readOnly('updatedBy', undefined),
  ];
}

/**
 * Takes the content from where `sourcePath` points when the body gives it, and notes size, checksum and times. The
 * content is kept as text under `content`, which is no property and is never printed. Gives it, or undefined when the
 * body brings none.
 */
export function takeContent(draft: Draft, session: Session): string | undefined {
  const { values, before, given } = draft;
  if (before !== undefined && !given.has('sourcePath')) {
    values['sourcePath'] = before.values['sourcePath'];
    values['content'] = before.values['content'];
    return undefined;
  }
  const path = localPath(typeof values['sourcePath'] === 'string' ? values['sourcePath'] : 'file:/');
  const content = session.device.files.read(path);
  if (content === undefined && session.loading) {
    values['content'] = before?.values['content'];
    return undefined;
  }
  if (content === undefined) {
    throw sourceMissing(path);
  }
  const now = new Date(session.device.clock.now()).toISOString().replace(/\.\d+/v, '');
  const revision = before === undefined ? 1 : Number(before.values['revision'] ?? 1) + 1;
  Object.assign(values, {
    checksum: `SHA1:${content.length}:${createHash('sha1').update(content).digest('hex')}`,
    createTime: before?.values['createTime'] ?? now,
    createdBy: before?.values['createdBy'] ?? 'admin',
    lastUpdateTime: now,
    updatedBy: 'admin',
    revision,
    size: content.length,
    content: content.toString('utf8'),
  });
  return content.toString('utf8');
}
