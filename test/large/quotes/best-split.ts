/** An answer of Duke MM, and whether it is right. */
export interface JudgedAnswer {
  readonly confidence: number;
  readonly isRight: boolean;
}

/**
 * The largest share of answers that may stay as they are, if a person who is always right answers the others and `target` of what is
 * delivered must be right. The first answers stay.
 */
function largestShare(answers: readonly JudgedAnswer[], target: number): number {
  const mayBeWrong = (1 - target) * answers.length;
  let wrong = 0;
  let kept = 0;
  for (const { isRight } of answers) {
    if (!isRight) wrong += 1;
    if (wrong > mayBeWrong) break;
    kept += 1;
  }
  return kept / answers.length;
}

/** By the best threshold of confidence. */
export const shareByThreshold = (answers: readonly JudgedAnswer[], target: number): number =>
  largestShare(
    answers.toSorted((a, b) => b.confidence - a.confidence),
    target,
  );

/** By an oracle that knows which answers are right: no confidence can leave more to Duke MM. */
export const shareByOracle = (answers: readonly JudgedAnswer[], target: number): number =>
  largestShare(
    answers.toSorted((a, b) => Number(b.isRight) - Number(a.isRight)),
    target,
  );
