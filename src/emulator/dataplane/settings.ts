import type { ProfileConfig, VirtualConfig } from './model.ts';

/** A profile's properties, or a part of them (`enforcement`). */
export type Settings = Readonly<Record<string, unknown>>;

/** The profile of a type that rules one side of a virtual server; undefined if it has none. */
export function profileOf(
  virtual: VirtualConfig,
  type: string,
  side: 'clientside' | 'serverside' = 'clientside',
): ProfileConfig | undefined {
  return virtual.profiles.find((one) => one.type === type && (one.context === side || one.context === 'all'));
}

/** A property as text; `none`, empty and absent are all undefined. */
export function textSetting(settings: Settings | undefined, name: string): string | undefined {
  const value = settings?.[name];
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  return value === '' || value === 'none' ? undefined : String(value);
}

/** A property as number; the device prints many numbers as text. */
export function numberSetting(settings: Settings | undefined, name: string, fallback: number): number {
  const value = Number(textSetting(settings, name) ?? Number.NaN);
  return Number.isFinite(value) ? value : fallback;
}

/** Whether a property says `enabled` (or `yes`, or true, as some kinds print it). */
export function isEnabled(settings: Settings | undefined, name: string): boolean {
  const value = settings?.[name];
  return value === 'enabled' || value === 'yes' || value === true || value === 'true';
}

/** A time-out in seconds; `indefinite` is Infinity, `immediate` is 0. */
export function secondsSetting(settings: Settings | undefined, name: string, fallback: number): number {
  const text = textSetting(settings, name);
  if (text === 'indefinite') return Infinity;
  if (text === 'immediate') return 0;
  return numberSetting(settings, name, fallback);
}

/** A group of properties within a profile (`enforcement`). */
export function settingsGroup(settings: Settings | undefined, name: string): Settings | undefined {
  const value = settings?.[name];
  return typeof value === 'object' && value !== null ? (value as Settings) : undefined;
}
