export { annotationPrefixes } from './codeshare.ts';
export { AddressBook } from './address-book.ts';
export { cellsOfService, serviceOfCell } from './cells.ts';
export { extractCell } from './extract-cell.ts';
export { extractOptions } from './options.ts';
export type { AddressDecision } from './address-decision.ts';
export type { AddressPool, ExtractOptions } from './options.ts';
