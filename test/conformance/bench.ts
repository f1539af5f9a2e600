import { randomUUID } from 'node:crypto';
import type { Outcome } from '../../src/domain/outcome.ts';
import type {
  Account,
  Grant,
  Platform,
  PostOrder,
  Reconciled,
} from '../../src/platforms/platform.ts';
import type { Post } from '../../src/simulator/accounts.ts';
import type { Fault } from '../../src/simulator/behaviour.ts';
import {
  createControlClient,
  decideConsent,
  type SimulatorControl,
} from '../../src/simulator/client.ts';
import { atEnd } from '../support/at-end.ts';
import type { Network } from '../support/networks.ts';
import { startProcess } from '../support/process.ts';
import { waitFor } from '../support/wait-for.ts';
import type { Consent, Subject } from './subject.ts';

/** Where this instance says that it is. */
export const BASE_URL = 'https://bell.example.org';
/** Long enough for an answer on a busy machine. */
const PATIENT_MS = 10_000;
/** Short enough to wait for. */
const HURRIED_MS = 300;

/** Somebody who has an account in the simulator. */
export interface Person {
  id: string;
  handle: string;
}

/** One platform, its simulator, and people who have accounts there. */
export interface Bench {
  readonly subject: Subject;
  readonly url: string;
  readonly control: SimulatorControl;
  readonly platform: Platform;
  /** The same with little patience, for answers that never come. */
  readonly hurried: Platform;
  newPerson(): Promise<Person>;
  /** Sends somebody to authorize. What they come back with, and what `exchange` wants. */
  ask(person: Person, decision?: 'allow' | 'deny', text?: string): Promise<Asked>;
  /** A new person, who has authorized, and an order of a post of theirs, with all done that is done before the moment. */
  newOrder(text?: string): Promise<Ordered>;
  /** What `exchange` gives, and of several accounts the first. */
  take(asked: Asked): Promise<Given>;
  post(order: PostOrder): Promise<Outcome>;
  /** The same, with a fault in the way of what makes it public. */
  postWith(fault: Fault, ordered: Ordered): Promise<Outcome>;
  /** Looks for a post until it is known whether it is there: who is undecided wants to be asked again. */
  look(order: PostOrder, since: Date): Promise<Reconciled>;
  /** What the simulator's record has of this person. */
  postsOf(person: Person): Promise<Post[]>;
  /** Our client at another address, for the time of the test. */
  connect(url: string): Promise<Platform>;
}

export interface Asked {
  answer: Record<string, string>;
  flowSecret: string;
  redirectUri: string;
}

/** A grant, and the account that it is for. */
export interface Given {
  grant: Grant;
  account: Account;
}

export interface Ordered {
  person: Person;
  order: PostOrder;
}

let made = 0;

/** For a whole file: starts the simulator in a process of its own, which ends with the file. */
export async function openBench(subject: Subject): Promise<Bench> {
  const args = ['src/simulator/main.ts', '--port', '0', '--platforms', subject.name];
  const child = await startProcess({ args });
  const [, url = ''] = await child.line(/Simulator is ready at (http:\S+)/);
  return benchAt(subject, { url, control: createControlClient(url) });
}

/** The same at a simulated network that has been started already. */
export async function benchAt(subject: Subject, { url, control }: Network): Promise<Bench> {
  const platform = await connected(subject, url, PATIENT_MS);
  const hurried = await connected(subject, url, HURRIED_MS);
  const bench: Bench = {
    subject,
    url,
    control,
    platform,
    hurried,
    newPerson: () => newPerson(control),
    ask: (person, decision = 'allow', text = freshText()) =>
      ask(bench, person, decision, text, new Date()),
    take: (asked) => take(platform, asked),
    newOrder: (text = freshText()) => newOrder(bench, text),
    post: (order) => postBy(platform, order),
    postWith: async (fault, { person, order }) => {
      await control.fault(person.handle, 'posts', fault);
      const isSilent = fault.startsWith('hang') || subject.silent?.includes(fault);
      return postBy(isSilent ? hurried : platform, order);
    },
    look: (order, since) => look(platform, order, since),
    postsOf: async ({ id }) => (await control.posts()).filter(({ account }) => account === id),
    connect: (at) => connected(subject, at, PATIENT_MS),
  };
  return bench;
}

/** Something that nobody has posted yet. */
export function freshText(): string {
  made += 1;
  return `We ring the bell together, number ${made}. #100DaysOfInjustice`;
}

/** An order of somebody whom no server has to know. */
export async function strangersOrder(
  subject: Subject,
  url: string,
  text = freshText(),
): Promise<PostOrder> {
  const moment = new Date();
  const { account, grant, staged = null } = await subject.stranger(url, { text, moment });
  return orderOf({ account, grant }, { text, moment, staged });
}

function orderOf(given: Given, rest: Pick<PostOrder, 'text' | 'moment' | 'staged'>): PostOrder {
  return { postKey: randomUUID(), locale: 'en', ...given, ...rest };
}

async function connected(subject: Subject, url: string, timeoutMs: number): Promise<Platform> {
  const platform = await subject.connect(url, timeoutMs);
  atEnd(() => platform.dispose());
  return platform;
}

async function newPerson(control: SimulatorControl): Promise<Person> {
  made += 1;
  const [account] = await control.createAccounts({ accounts: [{ handle: `person${made}` }] });
  if (!account) throw new Error('The simulator made no account');
  return account;
}

const onThePage: Consent = async ({ authorization, handle, decision }) => {
  const back = new URL(await decideConsent(authorization.url, handle, decision));
  return Object.fromEntries(back.searchParams);
};

async function ask(
  { subject, platform, url }: Bench,
  person: Person,
  decision: 'allow' | 'deny',
  text: string,
  moment: Date,
): Promise<Asked> {
  const { handle } = person;
  const redirectUri = `${BASE_URL}/callback/${subject.name}`;
  const authorization = await platform.authorize({
    redirectUri,
    state: `state-of-${handle}`,
    locator: subject.locator?.(url, handle) ?? '',
    text,
    locale: 'en',
    moment,
  });
  const consent = subject.consent ?? onThePage;
  const answer = await consent({ platform, authorization, handle, decision });
  return {
    answer,
    flowSecret: authorization.flowSecret,
    redirectUri: authorization.redirectUri ?? redirectUri,
  };
}

async function newOrder(bench: Bench, text: string): Promise<Ordered> {
  const { platform, subject } = bench;
  const person = await bench.newPerson();
  const moment = new Date();
  // What is too long is refused where the text is looked at; a grant for any text takes another.
  const asked = subject.grantsOneText ? text : freshText();
  const given = await take(platform, await ask(bench, person, 'allow', asked, moment));
  const order = orderOf(given, { text, moment, staged: null });
  const staged = await platform.stage?.(order);
  if (staged?.kind === 'staged') order.staged = staged.token;
  return { person, order };
}

/** On a connection that stands, as at the moment: one that has just been lost may want its rest. */
async function postBy(platform: Platform, order: PostOrder): Promise<Outcome> {
  const host = platform.hostOf(order.account, order.grant);
  await waitFor(async () => (await platform.openConnections(host, 1)) !== null, {
    what: 'a connection',
  });
  return platform.prepare(order)();
}

async function look(platform: Platform, order: PostOrder, since: Date): Promise<Reconciled> {
  const decided = async () => {
    const looked = await platform.reconcile(order, since);
    return looked.kind === 'undecided' ? null : looked;
  };
  return waitFor(decided, { what: 'a look at the account' });
}

async function take(platform: Platform, asked: Asked): Promise<Given> {
  const grant = await platform.exchange(asked);
  const [choice] = (await platform.choices?.(grant)) ?? [];
  return choice ?? { grant, account: await platform.whoAmI(grant) };
}
