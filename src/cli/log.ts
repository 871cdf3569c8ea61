import { type Logger, pino } from 'pino';
import { redact } from '../report/redact.ts';
import type { Out } from './io.ts';

/** Levels that can be asked for; `silent` is nothing at all. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a log is made of. */
export interface LogOptions {
  readonly level: LogLevel;
  readonly format: 'json' | 'text';
  readonly out: Out;
}

/** A log of JSON lines, or of text for people. Texts pass the redactor, whoever wrote them. */
export function createLog({ level, format, out }: LogOptions): Logger {
  const write = (line: string): unknown => out.write(format === 'json' ? line : textLine(line));
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: {
        logMethod(args, method) {
          method.apply(this, args.map(redactDeep) as typeof args);
        },
      },
    },
    { write },
  );
}

function redactDeep(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redactDeep);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactField(key, item)]));
}

function redactField(key: string, value: unknown): unknown {
  return /password|passphrase|secret|token$|authorization/i.test(key) ? '[redacted]' : redactDeep(value);
}

/** `12:30:05.123 INFO  message key=value`. */
function textLine(json: string): string {
  const { level, time, msg, ...fields } = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const clock = String(time).slice(11, 23);
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${printField(value)}`);
  return `${clock} ${String(level).toUpperCase().padEnd(5)} ${String(msg)}${rest.join('')}\n`;
}

function printField(value: unknown): string {
  if (typeof value === 'string' && /^[^\s"=]+$/.test(value)) return value;
  return JSON.stringify(value);
}
