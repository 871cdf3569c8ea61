import type { Availability } from '../stats/availability.ts';
import { markup, type Html } from './markup.ts';

type Tone = 'good' | 'bad' | 'info' | 'warn' | 'off';

/** Shapes as the device's configuration utility has them: circle, diamond, square, triangle. */
const looks: Readonly<Record<Availability['state'], readonly [tone: Tone, shape: string, word: string]>> = {
  available: ['good', '●', 'Available'],
  offline: ['bad', '◆', 'Offline'],
  unknown: ['info', '■', 'Unknown'],
  unavailable: ['warn', '▲', 'Unavailable'],
};

/** A word on a coloured ground; the shape is for the eye alone. */
export function pill(tone: Tone, shape: string, word: string): Html {
  return markup`<span class="pill ${tone}"><span aria-hidden="true">${shape}</span>${word}</span>`;
}

/** The availability of an object, and why. */
export function statusCell({ state, enabled, reason }: Availability): Html {
  const [tone, shape, word] = looks[state];
  const checking = reason === 'Checking';
  const shown = checking ? 'Checking' : word;
  const mark =
    enabled === 'enabled'
      ? pill(tone, shape, shown)
      : pill(
          'off',
          shape,
          enabled === 'disabled' ? `Disabled, ${shown.toLowerCase()}` : `Node off, ${shown.toLowerCase()}`,
        );
  return markup`<td>${mark}${checking ? undefined : markup`<span class="note">${reason}</span>`}</td>`;
}
