export { OperationsModule } from './operations.module.js';
export { type Problem, PROBLEM_RULES, PROBLEMS } from './problem.js';
export { ProblemReader } from './problem.reader.js';
export { severityOf, type Trouble, TROUBLE_RULES, type TroubleKind, TROUBLES } from './trouble.js';
export { TroubleReader } from './trouble.reader.js';
