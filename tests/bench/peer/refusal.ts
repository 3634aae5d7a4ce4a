/** What is wrong, and where. */
export interface Problem {
  code: string;
  field?: string;
}

/** Ends a request with an answer of its own. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problems: Problem[],
  ) {
    super(problems.map((problem) => problem.code).join(", "));
  }
}

export function refuse(status: number, code: string, field?: string): never {
  throw new Refused(status, [{ code, field }]);
}

export function refusal(status: number, code: string): Response {
  return answerOf(new Refused(status, [{ code }]));
}

export function answerOf(refused: Refused): Response {
  const [first, ...others] = refused.problems;
  return Response.json({ ...first, message: first?.code, others }, { status: refused.status });
}
