import type { ComponentChildren } from 'preact';
import { Document, type DocumentProps } from '../document.tsx';
import { Bell } from './bell.tsx';

interface OperatorPageProps {
  title: string;
  signOutAction: string | null;
  mainClass: string;
  scripts?: DocumentProps['scripts'];
  children: ComponentChildren;
}

/** The frame of every page that only operators see. English. */
export function OperatorPage(props: OperatorPageProps) {
  return (
    <Document
      locale="en"
      title={props.title}
      scripts={props.scripts}
      stylesheets={['tocsin.css', 'ops.css']}
      bodyClass="ops"
    >
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="masthead">
        <a class="wordmark" href="/ops">
          <Bell />
          Tocsin <span class="wordmark-part">Operators</span>
        </a>
        {props.signOutAction ? (
          <form method="post" action={props.signOutAction}>
            <button class="button-text" type="submit">
              Sign out
            </button>
          </form>
        ) : null}
      </header>
      <main id="main" class={props.mainClass}>
        {props.children}
      </main>
    </Document>
  );
}
