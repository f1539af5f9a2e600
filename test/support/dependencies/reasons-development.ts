import { NODE_22, type Reasons } from './reason.ts';

const TYPES = 'The package has none of its own; these are DefinitelyTyped’s';

/** Why development takes what an instance does not need. */
export const DEVELOPMENT: Reasons = {
  '@biomejs/biome': {
    for: 'Format and style, in `npm run check`',
    why: 'One program for both, seconds for everything; typescript-eslint refuses TypeScript 7',
    namedIn: '.biome.json',
    heldBack: 'some builds of 2.6.8 were missing from the registry',
  },
  '@seriousme/openapi-schema-validator': {
    for: 'Holds the OpenAPI document to the schema of OpenAPI 3.1',
    why: 'The schemas of the specification, and Ajv, which is here anyway',
  },
  '@types/luxon': { for: 'Types for the compiler', why: TYPES },
  '@types/markdown-it': { for: 'Types for the compiler', why: TYPES },
  '@types/node': {
    for: 'Types for the compiler',
    why: 'Node has none of its own; these are of the oldest Node that is promised, so that nothing newer is used by mistake',
    heldBack: 'they follow `engines`',
  },
  '@types/nodemailer': { for: 'Types for the compiler', why: TYPES },
  '@types/pg': { for: 'Types for the compiler', why: TYPES },
  '@types/sanitize-html': { for: 'Types for the compiler', why: TYPES },
  '@types/twitter-text': { for: 'Types for the compiler', why: TYPES },
  '@types/ws': { for: 'Types for the compiler', why: TYPES },
  autocannon: {
    for: 'The load of `npm run bench -- page`, in a process of its own',
    why: 'What Fastify’s own figures are made with, so that ours can be compared; it is started as a program',
    namedIn: 'test/bench/page.ts',
  },
  'axe-core': {
    for: 'Looks for barriers on every page',
    why: 'The rules of WCAG that a program can check, as Lighthouse has them',
  },
  axios: {
    for: 'The HTTP client of the client that is made from the OpenAPI document',
    why: 'openapi-client-axios is made on it and leaves its version to us',
  },
  'fast-check': {
    for: 'Properties: tests on inputs made by chance',
    why: 'It shrinks what fails to the smallest case and tells the seed',
  },
  'graphile-worker': {
    for: 'A bench’s other way: a queue in PostgreSQL',
    why: 'One of the two that people would use instead; a comparison with it needs itself',
    heldBack: NODE_22,
  },
  'js-yaml': {
    for: 'Read by the client that is made from the OpenAPI document',
    why: 'openapi-client-axios imports it and leaves its version to us; ours is `yaml`',
    heldBack: 'openapi-client-axios asks for version 4',
  },
  'openapi-client-axios': {
    for: 'A client made from the OpenAPI document, to see that one can be made',
    why: 'It reads the document when it runs; openapi-typescript does not run on TypeScript 7',
  },
  'pg-boss': {
    for: 'A bench’s other way: a queue in PostgreSQL',
    why: 'One of the two that people would use instead; a comparison with it needs itself',
    heldBack: NODE_22,
  },
  'playwright-core': {
    for: 'Drives Chromium in the tests of pages, and takes the pictures of the documents',
    why: 'It waits for what is there and not for a time, and takes the system’s own Chromium, so that npm downloads none',
  },
  'smtp-server': {
    for: 'A mail server for tests, which takes, refuses or falls silent',
    why: 'SMTP by the authors of nodemailer, as a library; maildev of `test/peers` checks that another server reads the same',
  },
  tsx: {
    for: 'Runs the commands of `test/` from their sources',
    why: 'Node 20 does not run TypeScript; nothing has to be built first',
  },
  typescript: {
    for: 'Checks types, and parses the sources for the rules on who may import what',
    why: 'The language’s own compiler, whose version 7 checks everything in seconds',
  },
  vite: {
    for: 'Compiles what vitest runs',
    why: 'vitest would bring one anyway; this line says which',
    heldBack: 'version 8 takes rolldown, some builds of which were missing from the registry',
  },
  vitest: {
    for: 'Runs the tests',
    why: 'TypeScript and JSX as they are, files side by side, projects for the tiers; node:test has neither projects nor a reporter of JSON',
    heldBack: NODE_22,
  },
};

/** Why `npm run test:peers` takes what it installs. */
export const PEERS: Reasons = {
  '@atproto/pds': {
    for: 'A Bluesky server that ours posts to',
    why: 'The server that Bluesky itself runs',
    heldBack: NODE_22,
  },
  '@did-plc/server': {
    for: 'The directory of accounts that the Bluesky server needs',
    why: 'The directory that Bluesky itself runs',
  },
  '@xdevplatform/xdk': {
    for: 'Posts to the simulated X',
    why: 'X’s own library, which knows what X answers',
  },
  'facebook-nodejs-business-sdk': {
    for: 'Posts to the simulated Facebook',
    why: 'Meta’s own library, which knows what Facebook answers',
  },
  maildev: {
    for: 'Reads the mails of reminders',
    why: 'A mail server of others, with a reader of its own',
    namedIn: 'test/peers/mail.test.ts',
  },
  masto: {
    for: 'Posts to the simulated Mastodon',
    why: 'A library for Mastodon’s API by others, which reads every answer',
    heldBack: NODE_22,
  },
  'tiny-secp256k1': {
    for: 'Checks what supporters sign for Nostr',
    why: 'Bitcoin’s own signature library, where nostr-tools has another',
  },
};

/** Why `npm run mutate` takes what it installs. */
export const MUTATION: Reasons = {
  '@stryker-mutator/core': {
    for: 'Changes the code in small ways, one at a time',
    why: 'Which changes there are, and which tests reach them, is a large program; ours chooses files and writes the page',
    namedIn: 'test/mutation/run.ts',
    heldBack: NODE_22,
  },
  '@stryker-mutator/vitest-runner': {
    for: 'Lets vitest run the tests of each change',
    why: 'Stryker’s own; it runs only the tests that reach the change',
    namedIn: 'test/mutation/run.ts',
    heldBack: NODE_22,
  },
};
