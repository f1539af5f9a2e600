import type { Fact, Weight } from './facts.ts';
import { licenceOf } from './faults.ts';
import { type Folder, isForProduction, type Line, othersOf } from './lines.ts';
import { alsoBroughtBy, broughtBy } from './lock.ts';
import type { Survey } from './survey.ts';

/** docs/dependencies.md, written from the reasons and from what was found out; see `npm run survey:dependencies`. */
export function dependenciesPage(known: Survey): string {
  const { facts, lines } = known;
  const at = (folder: Folder) => lines.filter((line) => line.folder === folder);
  const production = lines.filter(isForProduction);
  const brought = broughtBy(
    known.locks[''],
    production.map(({ name }) => name),
  );
  const development = at('').filter((line) => !isForProduction(line));
  const whole = (folder: Folder) =>
    weightText(facts.folders[folder].whole, known.locks[folder].size);
  return `${head(facts.asked, facts.system)}
## What an instance runs on

${production.length} lines; with all that they bring ${weightText(facts.production, brought.size)}.

${table(production, known)}
## What development takes besides

${development.length} lines; with those above, and all that they bring, ${whole('')}.

${table(development, known)}
## What is taken otherwise than other packages ask

\`overrides\` in package.json; each goes as soon as its reason does.

${overrideTable(known)}
## What \`npm run test:peers\` installs

Programs of others that ours are tried against, in a folder and with a lock file of their own; ${whole('test/peers')}.

${table(at('test/peers'), known)}
## What \`npm run mutate\` installs

In a folder and with a lock file of its own; ${whole('test/mutation')}.

${table(at('test/mutation'), known)}`;
}

function head(asked: string, system: string): string {
  return `# Dependencies

This page is written by \`npm run survey:dependencies\`. Why a package is there is written by hand in \`test/support/dependencies/\`; which files
use it, what it weighs, when its version came out and which is the latest is found out by the command, the last two from npm's registry
on ${asked}. \`npm run survey:dependencies -- --offline\` writes the page anew from what was found out then. A test fails when a line of a
package.json has no reason, when a reason is of no line, when a package is used by no file, and when this page is not what the command
writes.

**Weighs** is what would go from an installation on ${system} if the line went: the files of the package and of what only it brings. What is
for production is weighed in an installation without \`devDependencies\`. What was not installed is not weighed. **Used in** names files, or
where they are many folders; of what is for production the tests are left out. What came out before ${FIRST_YEAR} has no day here, since the
registry’s are out of order there.
`;
}

function table(lines: readonly Line[], known: Survey): string {
  const rows = lines.map((line) => `| ${cells(line, known).join(' | ')} |\n`);
  return `| package | what for | used in | why this one | weighs | taken | latest | licence |
|---|---|---|---|---|---|---|---|
${rows.join('')}`;
}

function overrideTable({ overrides, overrideReasons }: Survey): string {
  const rows = Object.entries(overrides).map(
    ([name, version]) => `| \`${name}\` | \`${version}\` | ${overrideReasons[name] ?? ''} |\n`,
  );
  return `| package | taken | why |\n|---|---|---|\n${rows.join('')}`;
}

function cells(line: Line, known: Survey): string[] {
  const { name, folder } = line;
  const reason = known.reasons[folder][name];
  const fact = known.facts.folders[folder].lines[name];
  const use = known.uses.get(line);
  if (!reason || !fact || !use) throw new Error(`Too little is known of ${name}.`);
  return [
    `[\`${name}\`](https://www.npmjs.com/package/${name})`,
    reason.for,
    [...placesOf(shownFiles(line, use.files)).map(link), ...use.through].join(', '),
    reason.why,
    weighs(line, fact, known),
    `${fact.version}, ${day(fact.released)}`,
    latest(fact, reason.heldBack),
    licenceOf(line, known) ?? '',
  ];
}

/** The most files that are named one by one, and the most folders. */
const MAX_NAMED = 3;

/** Without the tests of what is for production. */
function shownFiles(line: Line, files: readonly string[]): readonly string[] {
  return isForProduction(line) ? files.filter((path) => !path.startsWith('test/')) : files;
}

/** Where files are: each by itself, or their rooms, or the top folders that they are in. */
function placesOf(files: readonly string[]): string[] {
  for (const depth of [Number.POSITIVE_INFINITY, 2, 1]) {
    const places = [...new Set(files.map((path) => folderOf(path, depth)))];
    if (places.length <= MAX_NAMED || depth === 1) return places;
  }
  return [];
}

/** The folder of so many names that a file is in; the file itself where it is not as deep. */
function folderOf(path: string, depth: number): string {
  const names = path.split('/');
  return names.length <= depth ? path : `${names.slice(0, depth).join('/')}/`;
}

function link(path: string): string {
  return `[\`${path}\`](../${path})`;
}

function weighs(line: Line, { weight }: Fact, { lines, locks }: Survey): string {
  if (!weight) return 'not weighed';
  const { bytes, packages } = weight;
  const all = packages === 1 ? size(bytes) : `${size(bytes)} in ${packages} packages`;
  const others = alsoBroughtBy(locks[line.folder], line.name, othersOf(line, lines));
  if (others.length === 0) return all;
  return `${all}; would stay with ${others.map((name) => `\`${name}\``).join(', ')}`;
}

function latest({ version, latest: newest, latestReleased }: Fact, heldBack?: string): string {
  if (newest === version) return 'the same';
  return [`${newest}, ${day(latestReleased)}`, ...(heldBack === undefined ? [] : [heldBack])].join(
    '; ',
  );
}

/** The year from which on the registry's dates can be believed: of older versions, later ones come before earlier ones. */
const FIRST_YEAR = 2025;

function day(released: string): string {
  return Number(released.slice(0, 4)) < FIRST_YEAR ? `before ${FIRST_YEAR}` : released;
}

/** `locked`: how many packages the lock file has, for all systems. */
function weightText(weight: Weight | undefined, locked: number): string {
  if (!weight) return `${locked} packages, which were not installed when this was written`;
  return `${weight.packages} packages, ${size(weight.bytes)}`;
}

const KB = 1_000;
const MB = 1_000_000;

function size(bytes: number): string {
  if (bytes >= 10 * MB) return `${Math.round(bytes / MB)} MB`;
  return bytes >= MB ? `${(bytes / MB).toFixed(1)} MB` : `${Math.ceil(bytes / KB)} kB`;
}
