import type { RuleConfig } from '../dataplane/model.ts';
import type { DataGroup } from '../irules/flow.ts';
import type { DataRecord } from '../kinds/data-group/records.ts';
import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';

/** iRules with their texts. */
export function rulesOf(paths: readonly string[], device: Device): readonly RuleConfig[] {
  return paths.flatMap((fullPath) => {
    const rule = device.store.lookup('ltm/rule', fullPath);
    const text = rule === undefined ? undefined : textOf(rule, 'apiAnonymous');
    return text === undefined ? [] : [{ fullPath, text }];
  });
}

/** One line of a data-group file: `"name" := "data",`; the separator is the file's. */
function readLine(line: string, separator: string): DataRecord | undefined {
  const text = line
    .trim()
    .replace(/,$/v, '')
    .replace(/^(?:network|host)\s+/v, '');
  if (text === '' || text.startsWith('#')) {
    return undefined;
  }
  const cut = text.indexOf(separator);
  const [name, data] = cut < 0 ? [text, ''] : [text.slice(0, cut), text.slice(cut + separator.length)];
  const bare = (part: string): string => part.trim().replace(/^"(.*)"$/v, '$1');
  return { name: bare(name), data: bare(data) };
}

/** A data-group with its records, those of an external one out of its file. */
export function dataGroupConfig(group: ConfigObject, device: Device): DataGroup {
  const path = textOf(group, 'externalFileName');
  const file = path === undefined ? undefined : device.store.lookup('sys/file/data-group', path);
  const separator = (file === undefined ? undefined : textOf(file, 'separator')) ?? ':=';
  const lines = (file === undefined ? undefined : textOf(file, 'content'))?.split('\n') ?? [];
  const own = group.values['records'] as readonly DataRecord[] | undefined;
  const records = own ?? lines.map((line) => readLine(line, separator)).filter((record) => record !== undefined);
  return { type: textOf(group, 'type') ?? 'string', records };
}
