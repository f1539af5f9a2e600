import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { type Static, Type } from 'typebox';
import { ConfigurationError } from '../src/domain/errors.ts';
import { plainPath } from './path.ts';
import { PLATFORM_VARIABLES } from './platforms.ts';
import { quoted } from './quoted.ts';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Every variable that this product reads, once, with its unit in its name. `NAME_FILE` is read for any of them too. */
const Environment = Type.Object({
  HOST: Type.String({ default: '127.0.0.1' }),
  PORT: Type.Integer({ default: 3000, minimum: 0, maximum: 65535 }),
  BASE_URL: Type.String({ default: '' }),
  DATA_DIR: Type.String({ default: './data', minLength: 1 }),
  SECRETS_FILE: Type.String({ default: '' }),
  DATABASE_URL: Type.String({ default: '' }),
  REDIS_URL: Type.String({ default: '' }),
  TRUST_PROXY: Type.String({ default: '' }),
  METRICS_TOKEN: Type.String({ default: '' }),
  EXIT_URL: Type.String({ default: 'https://www.wikipedia.org/' }),
  LOG_LEVEL: Type.String({ default: 'info', enum: LEVELS }),
  TZDIR: Type.String({ default: '/usr/share/zoneinfo' }),
  TIME_URLS: Type.String({ default: '' }),
  SOLE_OPERATOR: Type.Boolean({ default: false }),
  LOCK_LEAD_SECONDS: Type.Number({ default: 120, exclusiveMinimum: 0, maximum: 86_400 }),
  ARM_LEAD_SECONDS: Type.Number({ default: 60, exclusiveMinimum: 0, maximum: 3_600 }),
  PREFLIGHT_LEAD_SECONDS: Type.Number({ default: 6_000, exclusiveMinimum: 0, maximum: 86_400 }),
  PREFLIGHT_AGAIN_SECONDS: Type.Number({ default: 600, exclusiveMinimum: 0, maximum: 86_400 }),
  TOO_LATE_SECONDS: Type.Number({ default: 7_200, exclusiveMinimum: 0, maximum: 604_800 }),
  RECONCILE_DELAY_SECONDS: Type.Number({ default: 10, minimum: 5, maximum: 3_600 }),
  REPOST_UNDECIDED: Type.Boolean({ default: false }),
  RETENTION_DAYS: Type.Number({ default: 7, exclusiveMinimum: 0, maximum: 365 }),
  SHARD_SIZE: Type.Integer({ default: 250, minimum: 50, maximum: 500 }),
  CRASH_AT: Type.String({
    ...{ default: '', pattern: '^$|^[a-z-]+(:[0-9]+)?$' },
    ...{ description: 'a POINT or POINT:N', examples: ['after-mark:1'] },
  }),
  ...PLATFORM_VARIABLES,
  SMTP_URL: Type.String({ default: '' }),
  MAIL_FROM: Type.String({ default: '' }),
});
export type Environment = Static<typeof Environment>;

let check: ValidateFunction<Environment> | undefined;

/** That the schema is one is known; to check it costs a tenth of a start. */
function compile(): ValidateFunction<Environment> {
  const ajv = new Ajv({ coerceTypes: true, useDefaults: true, meta: false, validateSchema: false });
  return ajv.compile<Environment>(Environment);
}

/**
 * Reads and checks the environment; the only place that does.
 * @throws ConfigurationError, one line: the variable, what it is given, what it may be, and an example.
 */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const given = withFiles(source);
  for (const [name, { text, file }] of given) refuseQuoted(file ?? name, text);
  const notPlain = [...given.keys()].find((name) => !isPlain(name, given.get(name)?.text));
  if (notPlain !== undefined) throw notAllowed(notPlain, given);
  const data: unknown = Object.fromEntries([...given].map(([name, { text }]) => [name, text]));
  check ??= compile();
  const isValid = check;
  if (isValid(data)) return data;
  throw notAllowed(isValid.errors?.[0]?.instancePath.slice(1) as Name, given);
}

/**
 * Quotation marks around a whole value: a shell takes them away, and so does Compose; `docker run --env-file` and others leave them in it.
 * What it holds is not repeated, since it may be a secret.
 */
function refuseQuoted(variable: string, text: string): void {
  const [mark = ''] = /^["'](?=.*["']$)/s.exec(text) ?? [];
  if (mark === '' || text.length < 2 || !text.endsWith(mark)) return;
  throw new ConfigurationError(
    `${variable}: the value stands within quotation marks (${mark}), which are a part of it here; leave them out`,
  );
}

type Name = keyof Environment;

/** What is said of a variable by its schema. */
interface Shape {
  type: 'string' | 'integer' | 'number' | 'boolean';
  default: string | number | boolean;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  enum?: readonly string[];
  description?: string;
  examples?: readonly string[];
}

function shapeOf(name: Name): Shape {
  return Environment.properties[name] as unknown as Shape;
}

const PLAIN = { integer: /^\d+$/, number: /^\d+(\.\d+)?$/ };

/** Numbers as people write them: not 0x1F, 1e3, +5 or 1,000, which a coercion would take or turn into others. */
function isPlain(name: Name, text = ''): boolean {
  const { type } = shapeOf(name);
  return (type !== 'integer' && type !== 'number') || PLAIN[type].test(text);
}

/** A value as it is set, and the variable that named the file which holds it. */
interface Given {
  text: string;
  file: string | null;
}

/** What a file holds is not repeated: where the wrong one is named, that may be a secret. */
function notAllowed(name: Name, given: ReadonlyMap<Name, Given>): ConfigurationError {
  const shape = shapeOf(name);
  const { text = '', file = null } = given.get(name) ?? {};
  const said = file === null ? quoted(text) : `what the file of ${file} holds`;
  const example = shape.examples?.[0] ?? (shape.type === 'boolean' ? true : shape.default);
  return new ConfigurationError(
    `${name}: ${said} is not ${allowed(shape)}; write for example ${name}=${example}`,
  );
}

function allowed(shape: Shape): string {
  const { type, minimum, exclusiveMinimum, maximum } = shape;
  const from = minimum === undefined ? `above ${exclusiveMinimum}, up` : `from ${minimum}`;
  switch (type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number ${from} to ${maximum}, in plain digits`;
    case 'number':
      return `a number ${from} to ${maximum}, in plain digits`;
    case 'string':
      return shape.description ?? `one of ${shape.enum?.filter(Boolean).join(', ')}`;
  }
}

/** Fills NAME from the file that NAME_FILE points to, which is how containers hand over secrets. Blanks at the ends belong to neither. */
function withFiles(source: NodeJS.ProcessEnv): Map<Name, Given> {
  const given = new Map<Name, Given>();
  for (const name of Object.keys(Environment.properties) as Name[]) {
    const direct = source[name]?.trim();
    const file = `${name}_FILE`;
    const path = source[file]?.trim();
    if (direct) given.set(name, { text: direct, file: null });
    else if (path) given.set(name, { text: readNamed(file, path), file });
  }
  return given;
}

/** What is in the file that a variable names. @throws ConfigurationError where it is empty: a variable that is not wanted is left out. */
function readNamed(variable: string, path: string): string {
  const text = readText(variable, path).trim();
  if (text !== '') return text;
  throw new ConfigurationError(
    `${variable}: ${path} is empty; write the value into it, or leave ${variable} out`,
  );
}

function readText(variable: string, path: string): string {
  try {
    return readFileSync(plainPath(variable, path), 'utf8');
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(
      `${variable}: ${path} cannot be read (${(error as Error).message}); give the path of a file that this user may read`,
    );
  }
}

/** The environment for a child process: this one's, with changes. */
export function childEnvironment(changes: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...changes };
}
