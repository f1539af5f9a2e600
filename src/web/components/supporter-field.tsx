import type { Translate } from '../i18n.ts';
import type { JoinField, ProblemView } from '../views/join.ts';

interface FieldProps {
  field: JoinField;
  /** Id of the words that say what becomes of what is typed here. */
  hint: string;
  t: Translate;
}

/** A blank of the message: the supporter's name or place. */
export function SupporterFieldInput({ field: { name, value, problem }, hint, t }: FieldProps) {
  return (
    <div class="field">
      <label for={`field-${name}`}>{t(`join.${name}`)}</label>
      <input
        id={`field-${name}`}
        name={name}
        type="text"
        value={value}
        autocomplete={name === 'name' ? 'name' : 'off'}
        aria-describedby={problem ? `problem-${name} ${hint}` : hint}
        aria-invalid={problem ? 'true' : undefined}
      />
      <FieldProblemLine id={`problem-${name}`} {...{ problem, t }} />
    </div>
  );
}

/** What is wrong with a field, in the reader's language. */
export function FieldProblemLine({
  id,
  problem,
  t,
}: {
  id: string;
  problem: ProblemView | null;
  t: Translate;
}) {
  if (problem === null) return null;
  return (
    <p class="field-problem" id={id}>
      {t(`problem.${problem.kind}`, problem.values)}
    </p>
  );
}
