import { isBuiltin } from 'node:module';
import { packageOf } from '../arrows.ts';
import { FOLDERS, type Line } from './lines.ts';
import { placeOf } from './lock.ts';
import type { Survey } from './survey.ts';
import { isUsed } from './uses.ts';

/** All that is wrong between the lines of package.json, their reasons, their uses and what is known of them, in words. */
export function faultsOf(survey: Survey): string[] {
  return [
    ...survey.lines.flatMap((line) => lineFaults(line, survey)),
    ...FOLDERS.flatMap((folder) => idleReasons(folder, survey)),
    ...overrideFaults(survey),
    ...unlisted(survey),
  ];
}

function lineFaults(line: Line, { reasons, uses, facts, locks, textOf }: Survey): string[] {
  const { folder, name, version } = line;
  const at = `${folder === '' ? '' : `${folder}/`}package.json: ${name}`;
  const reason = reasons[folder][name];
  if (!reason) return [`${at} has no reason`];
  const faults: string[] = [];
  if (!isSaid(reason.for) || !isSaid(reason.why)) faults.push(`${at} has a reason without words`);
  if (!isUsed(uses.get(line))) faults.push(`${at} is used by no file`);
  if (reason.namedIn !== undefined && !textOf(reason.namedIn)?.includes(name)) {
    faults.push(`${at} is not named in ${reason.namedIn}, where its reason says so`);
  }
  if (facts.folders[folder].lines[name]?.version !== version) {
    faults.push(`${at} ${version} is not known; npm run survey:dependencies asks about it`);
  }
  if (!licenceOf(line, { reasons, locks })) faults.push(`${at} has no licence`);
  return faults;
}

/** As the package says it, else as its reason does. */
export function licenceOf(
  { folder, name }: Line,
  { reasons, locks }: Pick<Survey, 'reasons' | 'locks'>,
): string | undefined {
  return locks[folder].get(placeOf(name))?.license ?? reasons[folder][name]?.licence;
}

function isSaid(text: string): boolean {
  return /\w/.test(text);
}

function idleReasons(folder: Line['folder'], { lines, reasons }: Survey): string[] {
  const names = new Set(lines.filter((line) => line.folder === folder).map(({ name }) => name));
  return Object.keys(reasons[folder])
    .filter((name) => !names.has(name))
    .map(
      (name) => `a reason names ${name}, which is in no line of ${folder || 'the'} package.json`,
    );
}

function overrideFaults({ overrides, overrideReasons }: Survey): string[] {
  const without = Object.keys(overrides).filter((name) => !isSaid(overrideReasons[name] ?? ''));
  const idle = Object.keys(overrideReasons).filter((name) => !(name in overrides));
  return [
    ...without.map((name) => `package.json: the override of ${name} has no reason`),
    ...idle.map((name) => `a reason names ${name}, which package.json does not override`),
  ];
}

/** Imports that work by chance, of what other packages bring. */
function unlisted({ lines, modules }: Survey): string[] {
  const listed = (path: string, name: string) =>
    lines.some(
      (line) => line.name === name && (line.folder === '' || path.startsWith(`${line.folder}/`)),
    );
  return modules.flatMap(({ path, imports }) =>
    imports
      .map(({ specifier }) => packageOf(specifier))
      .filter((name) => name !== null && !isBuiltin(name) && !listed(path, name))
      .map((name) => `${path} imports ${name}, which is in no line of package.json`),
  );
}
