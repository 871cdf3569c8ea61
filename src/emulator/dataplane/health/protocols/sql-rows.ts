import type { MonitorConfig } from '../../model.ts';
import { numberSetting } from '../../settings.ts';
import { receivePattern } from '../monitor-text.ts';
import type { ProbeResult } from '../probe.ts';

/** A row of an answer; undefined is NULL. */
export type Row = readonly (string | undefined)[];

/**
 * Whether `recv` is found: in any value, or in those of `recvRow` and `recvColumn` (counted from 1). Without `recv` any
 * answer will do.
 */
export function judgeRows({ recv, settings }: MonitorConfig, rows: readonly Row[]): ProbeResult {
  const pattern = receivePattern(recv);
  if (pattern === undefined) return 'success';
  const [row, column] = ['recvRow', 'recvColumn'].map((name) => numberSetting(settings, name, 0));
  const chosen = row === undefined || row === 0 ? rows : rows.slice(row - 1, row);
  const values = chosen.flatMap((one) => (column === undefined || column === 0 ? one : one.slice(column - 1, column)));
  return values.some((value) => value !== undefined && pattern.test(value)) ? 'success' : 'failure';
}
