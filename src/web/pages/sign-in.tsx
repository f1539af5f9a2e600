import { OperatorPage } from '../components/operator-page.tsx';
import { renderDocument } from '../document.tsx';
import type { SignInView } from '../views/operator.ts';

const WORDS: Readonly<Record<SignInView['kind'], { title: string; text: string }>> = {
  confirm: {
    title: 'Sign in as an operator',
    text: 'This link works once. The button uses it up and signs this browser in.',
  },
  needed: {
    title: 'Operators only',
    text: 'You are not signed in here. Open a one-time link: the first start prints one, and whoever runs this instance can make another on its command line.',
  },
  used: {
    title: 'This link has been used',
    text: 'A one-time link works once and for a short while. Ask for another, or make one on the command line.',
  },
};

/** Signing in by one-time link; opening the link alone, as mail scanners do, uses nothing up. */
export function signInPage(view: SignInView): string {
  const { title, text } = WORDS[view.kind];
  return renderDocument(
    <OperatorPage title="Tocsin" signOutAction={null} mainClass="notice">
      <h1 class="poster">{title}</h1>
      <p class="lede">{text}</p>
      {view.kind === 'confirm' && view.action ? (
        <form method="post" action={view.action}>
          <button class="button" type="submit">
            Sign in
          </button>
        </form>
      ) : null}
    </OperatorPage>,
  );
}
