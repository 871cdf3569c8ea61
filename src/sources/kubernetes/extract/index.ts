export { AddressBook } from './address-book.ts';
export { cellsOfService, serviceOfCell } from './cells.ts';
export { extractCell } from './extract-cell.ts';
export { parseRange } from './ip-range.ts';
export { extractOptions, stockDefaults } from './options.ts';
export type { AddressDecision, RefusedPort } from './address-decision.ts';
export type { AddressPool, Defaults, ExtractOptions, MemberMode } from './options.ts';
