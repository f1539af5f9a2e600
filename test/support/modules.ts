import {
  isBinaryExpression,
  isCallExpression,
  isCaseClause,
  isElementAccessExpression,
  isExportDeclaration,
  isExternalModuleReference,
  isIdentifier,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isNamedImports,
  isNewExpression,
  isNoSubstitutionTemplateLiteral,
  isPropertyAccessExpression,
  isStringLiteral,
  type Node,
  type SourceFile,
  SyntaxKind,
} from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';

/** One import of a module, in whatever form it is written. */
export interface Import {
  specifier: string;
  /** Erased when the program runs. */
  typeOnly: boolean;
  /** The names it takes, where it names them. */
  names: string[];
  line: number;
}

/** A place in a file and what stands there. */
export interface Sighting {
  what: string;
  line: number;
}

/** What the rules of the house need to know of one file. */
export interface Module {
  /** From the repository's top, as in src/domain/moment.ts. */
  path: string;
  imports: Import[];
  /** Reads of process.env. */
  environment: Sighting[];
  /** The clock, chance and the network: what a pure function has as an argument instead. */
  impure: Sighting[];
  /** String literals that something is compared with. */
  compared: Sighting[];
}

/** What the parser sees instead of a disk; every reading gets a folder of its own in it. */
const disk = new Map<string, string>();
let readings = 0;
let parser: API | undefined;

/** One process of TypeScript's serves every reading; it ends with ours. */
function theParser(): API {
  parser ??= new API({
    cwd: '/',
    fs: {
      readFile: (path) => disk.get(path) ?? null,
      fileExists: (path) => disk.has(path),
      directoryExists: (path) => [...disk.keys()].some((one) => one.startsWith(`${path}/`)),
      getAccessibleEntries: () => ({ files: [], directories: [] }),
      realpath: (path) => path,
    },
  });
  return parser;
}

/** Parses files, given as text by path, with TypeScript's own parser. Nothing is resolved and nothing is run. */
export function readModules(files: ReadonlyMap<string, string>): Module[] {
  readings += 1;
  const folder = `/tree-${readings}/`;
  const config = `${folder}tsconfig.json`;
  const compilerOptions = {
    noResolve: true,
    noLib: true,
    allowJs: true,
    types: [],
    jsx: 'preserve',
  };
  disk.clear();
  disk.set(config, JSON.stringify({ compilerOptions, files: [...files.keys()] }));
  for (const [path, text] of files) disk.set(folder + path, text);
  using snapshot = theParser().updateSnapshot({ openProjects: [config] });
  const program = snapshot.getProject(config)?.program;
  return [...files.keys()].map((path) => {
    const source = program?.getSourceFile(folder + path);
    if (!program || !source) throw new Error(`${path} could not be parsed.`);
    const [wrong] = program.getSyntacticDiagnostics(folder + path);
    if (wrong) throw new Error(`${path} is not TypeScript: ${wrong.text}`);
    return readModule(path, source);
  });
}

function readModule(path: string, source: SourceFile): Module {
  const module: Module = { path, imports: [], environment: [], impure: [], compared: [] };
  const lineOf = (node: Node) =>
    source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  const visit = (node: Node): void => {
    const found = importOf(node);
    if (found) module.imports.push({ ...found, line: lineOf(node) });
    if (isEnvironment(node)) module.environment.push({ what: 'process.env', line: lineOf(node) });
    const impure = impureUse(node);
    if (impure !== null) module.impure.push({ what: impure, line: lineOf(node) });
    for (const what of comparedWith(node)) module.compared.push({ what, line: lineOf(node) });
    node.forEachChild(visit);
  };
  visit(source);
  return module;
}

/** import, export from, import(), import type X = import(), require() and new URL('./x', import.meta.url). */
function importOf(node: Node): Omit<Import, 'line'> | null {
  if (isImportDeclaration(node)) {
    const bindings = node.importClause?.namedBindings;
    const elements = bindings && isNamedImports(bindings) ? [...bindings.elements] : [];
    const typeOnly =
      node.importClause?.phaseModifier === SyntaxKind.TypeKeyword ||
      (elements.length > 0 && !node.importClause?.name && elements.every((one) => one.isTypeOnly));
    const names = elements.map((one) => (one.propertyName ?? one.name).text);
    return from(node.moduleSpecifier, typeOnly, names);
  }
  if (isExportDeclaration(node)) return from(node.moduleSpecifier, node.isTypeOnly);
  if (isImportTypeNode(node) && isLiteralTypeNode(node.argument)) {
    return from(node.argument.literal, true);
  }
  if (isExternalModuleReference(node)) return from(node.expression, false);
  if (isCallExpression(node)) {
    const { expression } = node;
    const imports = expression.kind === SyntaxKind.ImportKeyword || isName(expression, 'require');
    return imports ? from(node.arguments[0], false) : null;
  }
  if (isNewExpression(node) && isName(node.expression, 'URL')) {
    const [specifier, base] = node.arguments ?? [];
    return base?.getText() === 'import.meta.url' ? from(specifier, false) : null;
  }
  return null;
}

function from(
  specifier: Node | undefined,
  typeOnly: boolean,
  names: string[] = [],
): Omit<Import, 'line'> | null {
  const text = specifier && literal(specifier);
  return text ? { specifier: text, typeOnly, names } : null;
}

/** process.env and process['env'], and globalThis.process.env with them. */
function isEnvironment(node: Node): boolean {
  const isProcess = (of: Node) =>
    isName(of, 'process') || (isPropertyAccessExpression(of) && of.name.text === 'process');
  if (isPropertyAccessExpression(node)) {
    return node.name.text === 'env' && isProcess(node.expression);
  }
  if (isElementAccessExpression(node)) {
    return literal(node.argumentExpression) === 'env' && isProcess(node.expression);
  }
  return false;
}

/** Calls that give another answer the next time, by the name they are written with. */
const impureCalls = new Set([
  'Date',
  'Date.now',
  'Math.random',
  'performance.now',
  'process.hrtime',
  'process.hrtime.bigint',
  'crypto.randomUUID',
  'crypto.randomBytes',
  'crypto.getRandomValues',
  'randomUUID',
  'randomBytes',
  'randomInt',
  'DateTime.now',
  'DateTime.utc',
  'DateTime.local',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
]);

/** These take a time when they are given arguments, and the clock's when they are not. */
const impureWhenEmpty = new Set(['DateTime.utc', 'DateTime.local']);

function impureUse(node: Node): string | null {
  if (isNewExpression(node)) {
    const reads = isName(node.expression, 'Date') && (node.arguments ?? []).length === 0;
    return reads ? 'new Date()' : null;
  }
  if (!isCallExpression(node)) return null;
  const name = node.expression.getText().replace(/^globalThis\./, '');
  if (!impureCalls.has(name)) return null;
  if (impureWhenEmpty.has(name) && node.arguments.length > 0) return null;
  return `${name}()`;
}

const comparisons = new Set<SyntaxKind>([
  SyntaxKind.EqualsEqualsToken,
  SyntaxKind.EqualsEqualsEqualsToken,
  SyntaxKind.ExclamationEqualsToken,
  SyntaxKind.ExclamationEqualsEqualsToken,
]);

/** The string literals among the operands of a comparison, or of a case. */
function comparedWith(node: Node): string[] {
  let operands: Node[] = [];
  if (isCaseClause(node)) operands = [node.expression];
  if (isBinaryExpression(node) && comparisons.has(node.operatorToken.kind)) {
    operands = [node.left, node.right];
  }
  return operands.map(literal).filter((text) => text !== null);
}

function isName(node: Node, name: string): boolean {
  return isIdentifier(node) && node.text === name;
}

function literal(node: Node): string | null {
  return isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node) ? node.text : null;
}
