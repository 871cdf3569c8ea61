import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { redactDiagnostic } from './diagnostics-text.ts';

/** The name and version of the JSON form of problems. */
const DIAGNOSTICS_FORMAT = 'fairlead.diagnostics/v1';

/** Problems as JSON: what `--output json` prints when there is nothing else to print. */
export function diagnosticsDocument(diagnostics: readonly Diagnostic[]): unknown {
  return { format: DIAGNOSTICS_FORMAT, diagnostics: diagnostics.map(redactDiagnostic) };
}
