import type { Task } from '../../contracts/entities/task.ts';
import { rounded } from '../../contracts/values/rounded.ts';

/**
 * Rounds predicted numbers to the decimals of the examples, so that the page, the API and the output file agree.
 * Prediction intervals are not rounded.
 */
export function roundAnswers<T extends { readonly prediction: string | number }>(
  { answer_form: form }: Pick<Task, 'answer_form'>,
  answers: readonly T[],
): T[] {
  if (!form) return [...answers];
  return answers.map((answer) =>
    typeof answer.prediction === 'number'
      ? { ...answer, prediction: rounded(answer.prediction, form.decimals) }
      : answer,
  );
}
