import { unzipSync } from 'fflate';
import { WorkbookProblem } from './problem.ts';

/** What a small file may unfold to: sheets of a million rows fit, bombs do not. */
export interface ArchiveLimits {
  /** Of all parts that are read together, in bytes. */
  readonly maxBytes: number;
  readonly maxParts: number;
}

const LIMITS: ArchiveLimits = { maxBytes: 256 * 1024 * 1024, maxParts: 10_000 };

/** The parts of a workbook by their names. */
export class Archive {
  readonly #bytes: Uint8Array;
  readonly #names: ReadonlyMap<string, { readonly name: string; readonly size: number }>;
  readonly #maxBytes: number;
  #read = 0;

  /** Throws {@link WorkbookProblem} for what is no archive of an XLSX workbook. */
  constructor(bytes: Uint8Array, limits = LIMITS) {
    this.#bytes = bytes;
    this.#maxBytes = limits.maxBytes;
    this.#names = namesOf(bytes, limits);
  }

  has(name: string): boolean {
    return this.#names.has(name.toLowerCase());
  }

  /** A part; case does not count (OPC). Undefined: there is none. Unfolds it only if there is room. */
  part(name: string): Uint8Array | undefined {
    const entry = this.#names.get(name.toLowerCase());
    if (entry === undefined) return undefined;
    this.#read += entry.size;
    if (this.#read > this.#maxBytes) {
      throw new WorkbookProblem(
        `unfolds to more than ${this.#maxBytes} bytes at ${entry.name}, expected less: it may be meant to fill the memory`,
      );
    }
    const parts = unzip(this.#bytes, ({ name: other }) => other === entry.name);
    return parts[entry.name];
  }
}

/** Old .xls, and workbooks with a password: both are containers of Microsoft's older kind. */
const OLE = [0xd0, 0xcf, 0x11, 0xe0];
const ZIP = [0x50, 0x4b];

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

function namesOf(
  bytes: Uint8Array,
  { maxParts }: ArchiveLimits,
): ReadonlyMap<string, { readonly name: string; readonly size: number }> {
  if (startsWith(bytes, OLE)) {
    throw new WorkbookProblem(
      'is an old .xls workbook, or one with a password, expected an .xlsx workbook without a password',
    );
  }
  if (!startsWith(bytes, ZIP)) throw new WorkbookProblem('is no .xlsx workbook (no ZIP archive), expected one');
  const names = new Map<string, { readonly name: string; readonly size: number }>();
  unzip(bytes, ({ name, originalSize }) => {
    if (names.size >= maxParts) throw new WorkbookProblem(`has more than ${maxParts} parts, expected less`);
    names.set(name.toLowerCase(), { name, size: originalSize });
    return false;
  });
  return names;
}

function unzip(
  bytes: Uint8Array,
  filter: (file: { readonly name: string; readonly originalSize: number }) => boolean,
): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof WorkbookProblem) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new WorkbookProblem(`is a broken archive (${why}), expected a whole .xlsx workbook`);
  }
}
