/** A TMOS release that the emulator plays: `release` is what the user chose, `full` what `?ver=` shows. */
export interface Version {
  readonly release: string;
  readonly full: string;
  readonly build: string;
  /** Major * 100 + minor, for comparisons. */
  readonly rank: number;
}

/** The releases on offer and the full version and build that each answers with. */
const releases: Readonly<Record<string, { full: string; build: string }>> = {
  '12.1': { full: '12.1.2', build: '0.0.249' },
  '13.1': { full: '13.1.0.8', build: '0.0.3' },
  '14.1': { full: '14.1.0', build: '0.0.116' },
  '15.1': { full: '15.1.0', build: '0.0.31' },
  '16.1': { full: '16.1.0', build: '0.0.19' },
  '17.1': { full: '17.1.0', build: '0.0.16' },
};

/** Names of the releases on offer, oldest first. */
export const tmosReleases: readonly string[] = Object.keys(releases);

function rank(release: string): number {
  const [major = '0', minor = '0'] = release.split('.');
  return Number(major) * 100 + Number(minor);
}

/** The version of a release name such as `17.1`; throws on one that is not on offer, naming those that are. */
export function versionOf(release: string): Version {
  const known = releases[release];
  if (known === undefined) {
    throw new Error(`TMOS release: found "${release}", expected one of ${tmosReleases.join(', ')}`);
  }
  return { release, ...known, rank: rank(release) };
}

/** Whether a version is later than a release (`14.1`). */
export function laterThan(version: Version, release: string): boolean {
  return version.rank > rank(release);
}

/** Whether a version is the given release (`14.1`) or a later one. */
export function atLeast(version: Version, release: string): boolean {
  return version.rank >= rank(release);
}

function numbersIn(text: string): readonly number[] {
  return text.split('.').map(Number);
}

/** Negative when the first of two versions, `13.1.0.8`, is the older one; parts that are missing count as 0. */
function compareVersions(a: string, b: string): number {
  const [one, other] = [numbersIn(a), numbersIn(b)];
  const at = [...one, ...other].findIndex((_part, index) => (one[index] ?? 0) !== (other[index] ?? 0));
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}

/**
 * The version that `?ver=` pins answers to: that of the device, or an older one, of which the newest release that is known
 * and not newer says how bodies look. Undefined for a newer one, and for what is no version.
 */
export function pinnedVersion(device: Version, given: string): Version | undefined {
  if (!/^\d{1,3}(?:\.\d{1,5}){1,4}$/v.test(given) || compareVersions(given, device.full) > 0) {
    return undefined;
  }
  const known = tmosReleases.findLast((release) => compareVersions(release, given) <= 0) ?? tmosReleases[0] ?? '';
  return { ...versionOf(known), full: given };
}
