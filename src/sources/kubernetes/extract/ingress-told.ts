import type { Said } from '../model-ingress.ts';
import type { AnnotationName } from './annotations.ts';
import type { Front, IngressScope } from './ingress-scope.ts';
import { printAddress } from '../../../ir/address.ts';
import { annotationField } from './annotation-reader.ts';
import { FRONT_WORDS, wordsOf } from './front-words.ts';
import { frontSay } from './ingress-scope.ts';
import { secretsOf } from './ingress-wish.ts';

/** Tells an Ingress where another one decides for both, and the one that decides where it does so for others. */
export function reportSays(scope: IngressScope, front: Front): void {
  const { record, options } = scope;
  const { words, certificate } = frontSay(scope, front);
  const own = wordsOf(record, options);
  for (const name of FRONT_WORDS) {
    const said = words[name];
    if (said !== undefined) reportSaid(scope, { front, name, said, isOther: own[name]?.value !== said.value });
  }
  if (certificate === undefined || !front.isSecure) return;
  const isOther = secretsOf(record, options)[0] !== certificate.text;
  reportSaid(scope, { front, name: 'default-certificate', said: certificate, isOther });
}

interface Case {
  readonly front: Front;
  readonly name: AnnotationName;
  readonly said: Omit<Said, 'value'>;
  /** This Ingress says something else, or nothing. */
  readonly isOther: boolean;
}

function reportSaid(scope: IngressScope, { front, name, said, isOther }: Case): void {
  const { record, options, problems } = scope;
  const key = `${options.annotationPrefix}${name}`;
  const text = record.annotations[key];
  if (text === undefined) return;
  const where = `${printAddress(front.address)} port ${front.port}`;
  if (said.by !== `${record.namespace}/${record.name}`) {
    if (!isOther) return;
    problems.add({
      code: 'part-conflict',
      text: `annotation ${key} is ${JSON.stringify(text)}, but ${where} is shared with Ingress ${said.by}, which comes first and says ${JSON.stringify(said.text)}: that holds for both; expected the same, or another address`,
      field: annotationField(key),
      detail: 'All else of the Ingress goes on.',
    });
    return;
  }
  if (said.others.length === 0) return;
  const others = said.others.map((other) => `Ingress ${other}`).join(', ');
  problems.add({
    code: 'part-conflict',
    severity: 'warning',
    text: `annotation ${key} (${JSON.stringify(text)}) holds for all of ${where}; ${others} say something else, and it was not taken`,
    field: annotationField(key),
  });
}
