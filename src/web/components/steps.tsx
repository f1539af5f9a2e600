import type { Translate } from '../i18n.ts';

const STEPS = ['words', 'account', 'receipt'] as const;
type Step = (typeof STEPS)[number];

/** The steps of joining, with the present one marked. */
export function JoinSteps({ at, t }: { at: Step; t: Translate }) {
  return (
    <ol class="steps" aria-label={t('steps.label')}>
      {STEPS.map((step) => (
        <li aria-current={step === at ? 'step' : undefined}>{t(`steps.${step}`)}</li>
      ))}
    </ol>
  );
}
